import CInterhumanOpenSSL
import InterhumanCore

/// Where PEM text (RFC 7468) is.
public enum PEMSource: Sendable, Hashable {
    /// In a file.
    case file(path: String)
    /// In memory.
    case bytes([UInt8])

    /// What an error says of it; never the text itself.
    var name: String {
        switch self {
        case .file(let path): path
        case .bytes: "PEM text in memory"
        }
    }

    /// Calls `body` with an OpenSSL stream over the text.
    func withBIO<Result>(
        _ body: (OpaquePointer) throws(ConnectionError) -> Result
    ) throws(ConnectionError) -> Result {
        ERR_clear_error()
        let stream: OpaquePointer?
        switch self {
        case .file(let path):
            stream = BIO_new_file(path, "r")
        case .bytes(let bytes):
            // The stream is to own its bytes: a read-only one over `bytes` would outlive the array's pointer.
            stream = BIO_new(BIO_s_mem())
            bytes.withUnsafeBytes { _ = BIO_write(stream, $0.baseAddress, Int32(clamping: $0.count)) }
        }
        guard let stream else {
            throw ConnectionError(
                .invalidSettings, operation: "read \(name)",
                message: "The PEM file \(name) can't be opened. Check that it exists and may be read.",
                underlying: OpenSSLErrors.drain())
        }
        defer { BIO_free(stream) }
        return try body(stream)
    }
}
