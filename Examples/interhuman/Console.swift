import Glibc

/// Lines on standard output, for machines, and on standard error, for people.
///
/// Both may block on a slow reader, so writing happens on a queue of its own, in order; the caller waits.
actor Console {
    private let queue = BlockingQueue(label: "interhuman.console")

    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    /// Writes a line for machines.
    ///
    /// - Throws: ``ClosedOutput`` when nobody reads any more.
    func output(_ line: String) throws(ClosedOutput) {
        guard Self.write(line + "\n", to: STDOUT_FILENO) else { throw ClosedOutput() }
    }

    /// Writes a line for people. Nobody reading it is no error.
    func tell(_ line: String) {
        _ = Self.write(line + "\n", to: STDERR_FILENO)
    }

    /// Writes all of a text, blocking; false when it can't be written.
    static func write(_ text: String, to descriptor: Int32) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return true
        }
    }
}

/// Standard output was closed by its reader.
struct ClosedOutput: Error {}
