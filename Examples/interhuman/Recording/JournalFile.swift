import FoundationEssentials
import Glibc

/// A file of JSON lines that only its owner can read. Its cost is the new line's, however long it has become. Blocks.
final class JournalFile {
    private let path: String
    private let descriptor: Int32

    /// Makes the file.
    ///
    /// - Throws: ``RecordingError``, also when there is one already.
    init(path: String) throws(RecordingError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Appends a line by one call, so that what a crash leaves is whole lines but for the last.
    ///
    /// - Throws: ``RecordingError``.
    func append(_ line: Data) throws(RecordingError) {
        guard Console.write(Array(line) + [UInt8(ascii: "\n")], to: descriptor) else { throw Self.failure(path) }
    }

    /// Returns when what was appended is on the disk.
    ///
    /// - Throws: ``RecordingError``.
    func synchronize() throws(RecordingError) {
        guard fdatasync(descriptor) == 0 else { throw Self.failure(path) }
    }

    private static func failure(_ path: String) -> RecordingError {
        RecordingError("\(path) can't be written: \(String(cString: strerror(errno))). Make room there.")
    }
}
