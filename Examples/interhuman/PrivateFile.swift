import Glibc

/// Files that only their owner can read.
enum PrivateFile {
    /// Writes a file beside `path` and puts it in its place, so that there is always a whole one. Blocks.
    ///
    /// - Throws: ``RecordingError`` when it can't be written.
    static func replace(_ path: String, with text: String) throws(RecordingError) {
        try replace(path, with: Array(text.utf8))
    }

    /// Writes bytes as above.
    static func replace(_ path: String, with bytes: [UInt8]) throws(RecordingError) {
        let temporary = "\(path).\(getpid()).part"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        let isWritten = Console.write(bytes, to: descriptor) && fsync(descriptor) == 0
        let error = isWritten ? nil : failure(path)
        close(descriptor)
        if let error {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let error = failure(path)
            unlink(temporary)
            throw error
        }
    }

    private static func failure(_ path: String) -> RecordingError {
        RecordingError("\(path) can't be written: \(String(cString: strerror(errno))). Choose another path.")
    }
}
