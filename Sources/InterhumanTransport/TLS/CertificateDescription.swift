import CInterhumanOpenSSL

/// What a person needs to know of a certificate that was refused.
struct CertificateDescription {
    let subject: String
    let issuer: String
    let notBefore: String
    let notAfter: String
    /// DNS names and IP addresses (subjectAltName).
    let names: [String]

    /// Reads a certificate that the caller keeps.
    init(borrowing certificate: OpaquePointer) {
        subject = Self.text { X509_NAME_print_ex($0, X509_get_subject_name(certificate), 0, Self.nameFlags) }
        issuer = Self.text { X509_NAME_print_ex($0, X509_get_issuer_name(certificate), 0, Self.nameFlags) }
        notBefore = Self.text { ASN1_TIME_print($0, X509_get0_notBefore(certificate)) }
        notAfter = Self.text { ASN1_TIME_print($0, X509_get0_notAfter(certificate)) }
        names = Self.alternativeNames(of: certificate)
    }

    /// One line, UTF-8 as it is.
    private static let nameFlags = ihNameFlags()

    private static func alternativeNames(of certificate: OpaquePointer) -> [String] {
        guard let extensions = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else { return [] }
        let list = OpaquePointer(extensions)
        defer { GENERAL_NAMES_free(list) }
        return (0..<ihGeneralNameCount(list)).compactMap { index in
            guard let name = ihGeneralName(list, index) else { return nil }
            switch name.pointee.type {
            case GEN_DNS:
                return string(name.pointee.d.dNSName).map { String(decoding: $0, as: UTF8.self) }
            case GEN_IPADD:
                return string(name.pointee.d.iPAddress).map(address)
            default:
                return nil
            }
        }
    }

    private static func string(_ value: UnsafeMutablePointer<ASN1_STRING>?) -> [UInt8]? {
        guard let value, let data = ASN1_STRING_get0_data(value) else { return nil }
        return Array(UnsafeBufferPointer(start: data, count: Int(ASN1_STRING_length(value))))
    }

    private static func address(_ bytes: [UInt8]) -> String {
        guard bytes.count == 16 else { return bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2)
            .map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }
            .joined(separator: ":")
    }

    /// Collects what OpenSSL prints.
    private static func text(_ print: (OpaquePointer) -> Int32) -> String {
        guard let stream = BIO_new(BIO_s_mem()) else { return "" }
        defer { BIO_free(stream) }
        _ = print(stream)
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = BIO_read(stream, &bytes, Int32(bytes.count))
        return String(decoding: bytes.prefix(Int(max(0, count))), as: UTF8.self)
    }
}
