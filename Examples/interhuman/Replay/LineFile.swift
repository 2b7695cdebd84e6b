import FoundationEssentials
import Glibc

/// Reads a file line by line, in bounded memory. Blocks, so it has a queue of its own.
actor LineFile {
    private let queue = BlockingQueue(label: "interhuman.lines")
    private let descriptor: Int32
    private let longestLine: Int
    private var pending: [UInt8] = []
    private var isAtEnd = false
    /// Lines that were longer than allowed, and were passed over.
    private(set) var tooLongCount = 0
    /// Whether the last line had no end: what a crash leaves.
    private(set) var endsWithinLine = false

    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    /// Opens a regular file.
    ///
    /// - Throws: ``ReplayError``.
    init(path: String, longestLine: Int) throws(ReplayError) {
        descriptor = try RegularFile.open(path)
        self.longestLine = longestLine
    }

    deinit {
        close(descriptor)
    }

    /// The next line without its end; nil at the end of the file.
    ///
    /// - Throws: ``ReplayError`` when the file can't be read.
    func next() throws(ReplayError) -> Data? {
        var searched = 0
        var isTooLong = false
        while true {
            if let end = pending[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Data(pending[..<end])
                pending.removeSubrange(...end)
                searched = 0
                guard isTooLong else { return line }
                isTooLong = false
                continue
            }
            if pending.count > longestLine {
                if !isTooLong { tooLongCount += 1 }
                isTooLong = true
                pending = []
            }
            searched = pending.count
            guard !isAtEnd else {
                defer { pending = [] }
                guard !pending.isEmpty, !isTooLong else { return nil }
                endsWithinLine = true
                return Data(pending)
            }
            try fill()
        }
    }

    private func fill() throws(ReplayError) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0 {
            guard errno != EINTR else { return }
            throw ReplayError("The recording can't be read: \(String(cString: strerror(errno))).")
        }
        if count == 0 { isAtEnd = true }
        pending += buffer[..<max(0, count)]
    }
}

/// Opening files that somebody else made: no devices, no pipes, no symbolic links.
enum RegularFile {
    /// Opens a file for reading.
    ///
    /// - Throws: ``ReplayError``.
    static func open(_ path: String) throws(ReplayError) -> Int32 {
        // Without O_NONBLOCK a pipe would wait for its writer.
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw ReplayError("\(path) can't be read: \(String(cString: strerror(errno))).")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw ReplayError("\(path) is no regular file.")
        }
        return descriptor
    }

    /// All of a file that is not larger than `limit` bytes; nil for a larger one. Blocks.
    static func contents(_ path: String, limit: Int) throws(ReplayError) -> [UInt8]? {
        let descriptor = try open(path)
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size <= limit else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var count = 0
        while count < bytes.count {
            let more = bytes.withUnsafeMutableBytes {
                read(descriptor, $0.baseAddress.map { $0 + count }, $0.count - count)
            }
            if more < 0, errno == EINTR { continue }
            guard more > 0 else { break }
            count += more
        }
        return Array(bytes[..<count])
    }
}

/// A recording can't be played again.
struct ReplayError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
