#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file being written; closes it when let go. Blocks.
struct OutputFile: ~Copyable {
    /// What went wrong, in the system's words.
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(operation: String, path: String, code: Int32) {
            description = "\(operation) \(path): \(String(cString: strerror(code)))"
        }
    }

    private let path: String
    private let descriptor: Int32

    /// Creates the file, readable and writable by its owner only; one that exists is not touched.
    init(path: String) throws(Failure) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw Failure(operation: "create", path: path, code: errno) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Appends all of `bytes`.
    borrowing func write(_ bytes: [UInt8]) throws(Failure) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { Self.writeOnce(descriptor, $0) }
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw Failure(operation: "write to", path: path, code: errno)
            }
            offset += count
        }
    }

    private static func writeOnce(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}
