import CInterhumanOpenSSL

/// A checksum of bytes that come piece by piece. Owns OpenSSL's state of it.
final class SHA256 {
    private let state: OpaquePointer?

    init() {
        state = EVP_MD_CTX_new()
        EVP_DigestInit_ex(state, EVP_sha256(), nil)
    }

    deinit {
        EVP_MD_CTX_free(state)
    }

    func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(state, bytes.baseAddress, bytes.count)
    }

    /// The checksum in hexadecimal, as `sha256sum` writes it. Ends the calculation.
    func finish() -> String {
        var bytes = [UInt8](repeating: 0, count: 32)
        EVP_DigestFinal_ex(state, &bytes, nil)
        return bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
