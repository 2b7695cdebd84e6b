import Glibc
import SessionReport

/// Lines on standard output, for machines or people, and on standard error, for people.
///
/// What people read may quote a service, a client, a device or a file: it is written without what would steer a terminal.
///
/// Both may block on a slow reader, so writing happens on a queue of its own, in order; the caller waits.
actor Console {
    private let queue = BlockingQueue(label: "interhuman.console")
    /// What has the screen at present; lines wait until it gives it back.
    private var view: LiveView?
    private var held = HeldLines()

    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    /// Writes a line for people on standard output.
    ///
    /// - Throws: ``ClosedOutput`` when nobody reads any more.
    func show(_ line: String) throws(ClosedOutput) {
        try output(PlainText.lines(line))
    }

    /// Writes a line for machines, as it is.
    ///
    /// - Throws: ``ClosedOutput`` when nobody reads any more.
    func output(_ line: String) throws(ClosedOutput) {
        guard view == nil else { return }
        guard Self.write(line + "\n", to: STDOUT_FILENO) else { throw ClosedOutput() }
    }

    /// Writes a line for people. Nobody reading it is no error.
    ///
    /// - Parameter isLasting: Whether it is worth reading after a live view, too.
    func tell(_ line: String, isLasting: Bool = true) {
        view?.tell(line)
        record(line, isLasting: isLasting)
    }

    /// Writes a line about what a live view shows in its own way.
    ///
    /// - Parameter isLasting: Whether it is worth reading after a live view, too.
    func record(_ line: String, isLasting: Bool = true) {
        guard view == nil || isatty(STDERR_FILENO) == 0 else {
            if isLasting { held.append(line) }
            return
        }
        _ = Self.write(PlainText.lines(line) + "\n", to: STDERR_FILENO)
    }

    /// Whether a live view has the screen.
    var isLent: Bool { view != nil }

    /// Leaves the screen to a live view.
    func lend(to view: LiveView) {
        self.view = view
    }

    /// Takes the screen back, and writes what was told meanwhile.
    func takeBack() async {
        await view?.close()
        view = nil
        for line in held.take() { record(line) }
    }

    /// Writes all of a text, blocking; false when it can't be written.
    static func write(_ text: String, to descriptor: Int32) -> Bool {
        write(Array(text.utf8), to: descriptor)
    }

    /// Writes all bytes, blocking; false when they can't be written.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes
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

/// The newest lines that a live view keeps from the screen.
struct HeldLines {
    private static let capacity = 20
    private var lines: [String] = []
    private var omittedCount = 0

    mutating func append(_ line: String) {
        lines.append(line)
        guard lines.count > Self.capacity else { return }
        lines.removeFirst()
        omittedCount += 1
    }

    /// The lines, with a word about those that were too many.
    mutating func take() -> [String] {
        defer { self = HeldLines() }
        return omittedCount == 0 ? lines : ["(\(omittedCount) earlier lines are left out)"] + lines
    }
}

/// Standard output was closed by its reader.
struct ClosedOutput: Error {}
