import CInterhumanOpenSSL

/// The SHA-256 of a certificate's SubjectPublicKeyInfo (as in RFC 7469 section 2.4).
public struct PublicKeyPin: Sendable, Hashable, CustomStringConvertible {
    /// The 32 bytes of the hash.
    public let sha256: [UInt8]

    /// Takes the hash; nil unless it has 32 bytes.
    public init?(sha256: [UInt8]) {
        guard sha256.count == 32 else { return nil }
        self.sha256 = sha256
    }

    /// Takes the hash in Base64, with or without `sha256/` or `sha256//` before it; nil when it is none.
    public init?(base64: String) {
        var text = Substring(base64)
        if text.hasPrefix("sha256/") { text = text.dropFirst(7) }
        // curl writes two slashes; Base64 may begin with one of its own, so the length decides.
        if text.utf8.count == 45, text.hasPrefix("/") { text = text.dropFirst() }
        guard text.utf8.count == 44, text.hasSuffix("=") else { return nil }
        var bytes = [UInt8](repeating: 0, count: 33)
        guard EVP_DecodeBlock(&bytes, Array(text.utf8), 44) == 33 else { return nil }
        self.init(sha256: Array(bytes.prefix(32)))
    }

    /// Hashes the key of an OpenSSL certificate.
    init?(certificate: OpaquePointer) {
        var encoded: UnsafeMutablePointer<UInt8>?
        let length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &encoded)
        guard length > 0, let encoded else { return nil }
        defer { CRYPTO_free(encoded, #fileID, #line) }
        var hash = [UInt8](repeating: 0, count: 32)
        guard EVP_Digest(encoded, Int(length), &hash, nil, EVP_sha256(), nil) == 1 else { return nil }
        self.init(sha256: hash)
    }

    /// `sha256/` and the hash in Base64.
    public var description: String {
        "sha256/" + Base64.encode(sha256)
    }
}
