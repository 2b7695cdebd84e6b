import CInterhumanOpenSSL
import InterhumanTransport
import Testing

/// A certificate and key made by OpenSSL for a test. Owns both.
final class TestCertificate {
    /// What is to be certified.
    struct Request {
        var commonName = "test"
        /// subjectAltName as OpenSSL's configuration writes it: `DNS:localhost,IP:127.0.0.1`.
        var alternativeNames: String? = "DNS:localhost,IP:127.0.0.1"
        var isAuthority = false
        /// Seconds from now.
        var notBefore = -3600
        /// Seconds from now.
        var notAfter = 86_400
        var key = Key.ecdsa
        var usesSHA1 = false
    }

    enum Key: CaseIterable { case ecdsa, ed25519, rsa2048, rsa1024 }

    let certificate: OpaquePointer
    let key: OpaquePointer

    /// Makes a certificate signed by `issuer`, or by itself.
    init(_ request: Request = Request(), issuer: TestCertificate? = nil) throws {
        let key = try #require(Self.makeKey(request.key))
        let certificate = try #require(X509_new())
        self.key = key
        self.certificate = certificate
        X509_set_version(certificate, 2)
        var random: UInt64 = .random(in: 1 ... .max)
        _ = withUnsafeBytes(of: &random) { bytes in
            let number = BN_bin2bn(bytes.bindMemory(to: UInt8.self).baseAddress, 8, nil)
            defer { BN_free(number) }
            return BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate))
        }
        X509_gmtime_adj(X509_getm_notBefore(certificate), request.notBefore)
        X509_gmtime_adj(X509_getm_notAfter(certificate), request.notAfter)
        X509_set_pubkey(certificate, key)
        let name = X509_get_subject_name(certificate)
        X509_NAME_add_entry_by_txt(name, "CN", 0x1001, request.commonName, -1, -1, 0)
        X509_set_issuer_name(certificate, issuer.map { X509_get_subject_name($0.certificate) } ?? name)
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer?.certificate ?? certificate, certificate, nil, nil, 0)
        var extensions = [(NID_basic_constraints, request.isAuthority ? "critical,CA:TRUE" : "critical,CA:FALSE")]
        if let names = request.alternativeNames { extensions.append((NID_subject_alt_name, names)) }
        for (identifier, value) in extensions {
            let made = try #require(X509V3_EXT_conf_nid(nil, &context, identifier, value))
            X509_add_ext(certificate, made, -1)
            X509_EXTENSION_free(made)
        }
        let signer = issuer?.key ?? key
        let digest = EVP_PKEY_get_id(signer) == EVP_PKEY_ED25519 ? nil : request.usesSHA1 ? EVP_sha1() : EVP_sha256()
        try #require(X509_sign(certificate, signer, digest) > 0)
    }

    deinit {
        X509_free(certificate)
        EVP_PKEY_free(key)
    }

    private static func makeKey(_ kind: Key) -> OpaquePointer? {
        switch kind {
        case .ecdsa: generate("EC") { EVP_PKEY_CTX_set_ec_paramgen_curve_nid($0, NID_X9_62_prime256v1) }
        case .ed25519: generate("ED25519") { _ in 1 }
        case .rsa2048: generate("RSA") { EVP_PKEY_CTX_set_rsa_keygen_bits($0, 2048) }
        case .rsa1024: generate("RSA") { EVP_PKEY_CTX_set_rsa_keygen_bits($0, 1024) }
        }
    }

    private static func generate(_ name: String, _ configure: (OpaquePointer) -> Int32) -> OpaquePointer? {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, name, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, configure(context) == 1, EVP_PKEY_generate(context, &key) == 1
        else { return nil }
        return key
    }

    /// The certificate in PEM.
    var pem: [UInt8] {
        Self.text { PEM_write_bio_X509($0, certificate) }
    }

    /// The key in PEM.
    var keyPEM: [UInt8] {
        Self.text { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
    }

    /// Certificate, those of `intermediates`, and key, as a server or client uses them.
    func identity(intermediates: [TestCertificate] = []) -> TLSIdentity {
        TLSIdentity(
            certificateChain: .bytes(pem + intermediates.flatMap(\.pem)), privateKey: .bytes(keyPEM))
    }

    private static func text(_ write: (OpaquePointer) -> Int32) -> [UInt8] {
        guard let stream = BIO_new(BIO_s_mem()) else { return [] }
        defer { BIO_free(stream) }
        _ = write(stream)
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = BIO_read(stream, &bytes, Int32(bytes.count))
        return Array(bytes.prefix(Int(max(0, count))))
    }
}
