import Glibc
import InterhumanLocalService

/// Where `interhuman serve --report` writes: a line of JSON for each session.
enum ReportTarget {
    /// Standard output.
    case output
    /// The end of a file.
    case file(ReportFile)

    /// The target that a command names; nil for none.
    ///
    /// - Throws: ``ReportFile/Failure`` when the file can't be opened.
    init?(_ name: String?) throws(ReportFile.Failure) {
        guard let name else { return nil }
        self = name == "-" ? .output : .file(try ReportFile(path: name))
    }

    /// Writes a report.
    func write(_ report: StreamReport, console: Console) async throws {
        switch self {
        case .output: try await console.output(report.json)
        case .file(let file): try await file.append(report.json)
        }
    }
}

/// A file that reports are added to; closed when it is let go.
actor ReportFile {
    /// What went wrong, in the system's words.
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ operation: String, _ path: String, code: Int32) {
            description = "\(operation) \(path): \(String(cString: strerror(code)))"
        }
    }

    private let queue = BlockingQueue(label: "interhuman.report")
    private let path: String
    private let descriptor: Int32

    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    /// Opens the file, or makes one that only its owner can read.
    init(path: String) throws(Failure) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw Failure("open", path, code: errno) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Adds a line.
    func append(_ line: String) throws(Failure) {
        guard Console.write(line + "\n", to: descriptor) else { throw Failure("write to", path, code: errno) }
    }
}
