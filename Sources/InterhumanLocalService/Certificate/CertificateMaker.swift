import CInterhumanOpenSSL
import Glibc
import InterhumanCore

/// Makes an authority and a certificate signed by it with the system's OpenSSL.
enum CertificateMaker {
    /// PEM texts. The authority's key is not among them: it is gone when `make` returns.
    struct Made {
        var authority: String
        var chain: String
        var key: String
    }

    private static let lifetime = 90 * 24 * 3600
    private static let margin = 7 * 24 * 3600

    /// Makes both for the given host names and IP addresses.
    static func make(hosts: [String]) throws(ConnectionError) -> Made {
        let authorityKey = try PrivateKey()
        let authority = try Certificate(commonName: "Interhuman local service authority", publicKey: authorityKey)
        try authority.setIssuer(authority)
        try authority.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0", issuer: authority)
        try authority.add(NID_key_usage, "critical,keyCertSign,cRLSign", issuer: authority)
        try authority.add(NID_subject_key_identifier, "hash", issuer: authority)
        let permitted = hosts.map { "permitted;" + constraint(on: $0) }.joined(separator: ",")
        try authority.add(NID_name_constraints, "critical,\(permitted)", issuer: authority)
        try authority.sign(with: authorityKey)

        let key = try PrivateKey()
        let leaf = try Certificate(commonName: "Interhuman local service", publicKey: key)
        try leaf.setIssuer(authority)
        try leaf.add(NID_basic_constraints, "critical,CA:FALSE", issuer: authority)
        try leaf.add(NID_key_usage, "critical,digitalSignature", issuer: authority)
        try leaf.add(NID_ext_key_usage, "serverAuth", issuer: authority)
        try leaf.add(NID_subject_key_identifier, "hash", issuer: authority)
        try leaf.add(NID_authority_key_identifier, "keyid:always", issuer: authority)
        let names = hosts.map { isAddress($0) ? "IP:\($0)" : "DNS:\($0)" }.joined(separator: ",")
        try leaf.add(NID_subject_alt_name, names, issuer: authority)
        try leaf.sign(with: authorityKey)

        let authorityText = try authority.pem()
        return Made(authority: authorityText, chain: try leaf.pem() + authorityText, key: try key.pem())
    }

    /// Whether the first certificate of a PEM text is valid now and will be for a while.
    static func isFresh(pem: String) -> Bool {
        guard let certificate = Certificate(pem: pem) else { return false }
        return certificate.isValid(now: time(nil), andIn: margin)
    }

    /// OpenSSL's form of a name constraint that allows exactly this host.
    private static func constraint(on host: String) -> String {
        guard isAddress(host) else { return "DNS:\(host)" }
        return host.contains(":")
            ? "IP:\(host)/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" : "IP:\(host)/255.255.255.255"
    }

    private static func isAddress(_ host: String) -> Bool {
        var bytes = in6_addr()
        return inet_pton(AF_INET, host, &bytes) == 1 || inet_pton(AF_INET6, host, &bytes) == 1
    }

    fileprivate static func failure(_ operation: String) -> ConnectionError {
        var lines: [String] = []
        while case let code = ERR_get_error(), code != 0 {
            lines.append(
                String(unsafeUninitializedCapacity: 256) { buffer in
                    buffer.withMemoryRebound(to: CChar.self) { text in
                        ERR_error_string_n(code, text.baseAddress, text.count)
                        return text.baseAddress.map { strlen($0) } ?? 0
                    }
                })
        }
        return ConnectionError(
            .tls, operation: operation,
            message: "OpenSSL could not make the local service's certificate. "
                + "Check the host names, or run without TLS.",
            underlying: lines.joined(separator: "; "))
    }

    /// Owns an EVP_PKEY.
    private final class PrivateKey {
        let pointer: OpaquePointer

        /// Makes a key on the curve P-256.
        init() throws(ConnectionError) {
            ERR_clear_error()
            let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil)
            defer { EVP_PKEY_CTX_free(context) }
            var key: OpaquePointer?
            guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
                EVP_PKEY_generate(context, &key) == 1, let key
            else { throw failure("make a private key") }
            pointer = key
        }

        deinit { EVP_PKEY_free(pointer) }

        func pem() throws(ConnectionError) -> String {
            try CertificateMaker.pem { PEM_write_bio_PKCS8PrivateKey($0, pointer, nil, nil, 0, nil, nil) }
        }
    }

    /// Owns an X509.
    private final class Certificate {
        private let pointer: OpaquePointer

        /// Begins a certificate that is valid from now on.
        init(commonName: String, publicKey: PrivateKey) throws(ConnectionError) {
            ERR_clear_error()
            guard let certificate = X509_new() else { throw failure("make a certificate") }
            pointer = certificate
            // Positive, unpredictable and of at most 20 bytes, as RFC 5280 section 4.1.2.2 wants it.
            let serial = (0..<16).map { _ in UInt8.random(in: 1...0x7F) }
            let name = X509_NAME_new()
            let number = BN_new()
            defer {
                X509_NAME_free(name)
                BN_free(number)
            }
            guard BN_bin2bn(serial, Int32(serial.count), number) != nil,
                BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil,
                X509_set_version(certificate, 2) == 1,
                // An hour of grace for clocks that differ.
                X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != nil,
                X509_gmtime_adj(X509_getm_notAfter(certificate), lifetime) != nil,
                X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, commonName, -1, -1, 0) == 1,
                X509_set_subject_name(certificate, name) == 1,
                X509_set_pubkey(certificate, publicKey.pointer) == 1
            else { throw failure("make a certificate") }
        }

        /// Reads the first certificate of a PEM text.
        init?(pem: String) {
            ERR_clear_error()
            let certificate = Array(pem.utf8).withUnsafeBytes { text in
                let bio = BIO_new_mem_buf(text.baseAddress, Int32(clamping: text.count))
                defer { BIO_free(bio) }
                return PEM_read_bio_X509(bio, nil, nil, nil)
            }
            guard let certificate else { return nil }
            pointer = certificate
        }

        deinit { X509_free(pointer) }

        func setIssuer(_ issuer: Certificate) throws(ConnectionError) {
            guard X509_set_issuer_name(pointer, X509_get_subject_name(issuer.pointer)) == 1 else {
                throw failure("name the issuer of a certificate")
            }
        }

        func add(_ identifier: Int32, _ value: String, issuer: Certificate) throws(ConnectionError) {
            ERR_clear_error()
            var context = X509V3_CTX()
            X509V3_set_ctx(&context, issuer.pointer, pointer, nil, nil, 0)
            let made = X509V3_EXT_conf_nid(nil, &context, identifier, value)
            defer { X509_EXTENSION_free(made) }
            guard made != nil, X509_add_ext(pointer, made, -1) == 1 else {
                throw failure("give a certificate the extension \(value)")
            }
        }

        func sign(with key: PrivateKey) throws(ConnectionError) {
            ERR_clear_error()
            guard X509_sign(pointer, key.pointer, EVP_sha256()) > 0 else { throw failure("sign a certificate") }
        }

        func isValid(now: time_t, andIn seconds: Int) -> Bool {
            var now = now
            var later = now + seconds
            return X509_cmp_time(X509_get0_notBefore(pointer), &now) < 0
                && X509_cmp_time(X509_get0_notAfter(pointer), &later) > 0
        }

        func pem() throws(ConnectionError) -> String {
            try CertificateMaker.pem { PEM_write_bio_X509($0, pointer) }
        }
    }

    /// What `write` writes, as text.
    private static func pem(_ write: (OpaquePointer?) -> Int32) throws(ConnectionError) -> String {
        ERR_clear_error()
        let bio = BIO_new(BIO_s_mem())
        defer { BIO_free(bio) }
        guard write(bio) == 1 else { throw failure("write PEM") }
        var text = [UInt8](repeating: 0, count: Int(BIO_ctrl_pending(bio)))
        guard BIO_read(bio, &text, Int32(clamping: text.count)) == Int32(text.count) else {
            throw failure("write PEM")
        }
        return String(decoding: text, as: UTF8.self)
    }
}
