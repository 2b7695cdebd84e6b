import FoundationEssentials
import Glibc
import Interhuman
import SessionReport

/// Keeps a session's events in a recording's directory, a line of JSON each, for `interhuman replay`.
actor EventJournal: SessionObserver {
    /// Name of the file in the directory.
    static let fileName = "events.jsonl"

    private let queue = BlockingQueue(label: "interhuman.journal")
    private let path: String
    private let descriptor: Int32
    /// Why the journal is not whole.
    private(set) var failure: RecordingError?

    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    /// Makes the file, which only its owner can read.
    ///
    /// - Throws: ``RecordingError``.
    init(directory: String, service: ServiceIdentity) throws {
        path = "\(directory)/\(Self.fileName)"
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
        guard Self.append(try SessionJournal.line(for: JournalHeader(service: service)), to: descriptor) else {
            throw Self.failure(path)
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    func observe(_ event: SessionEvent) {
        guard failure == nil else { return }
        do {
            guard let line = try SessionJournal.line(for: event) else { return }
            if !Self.append(line, to: descriptor) { failure = Self.failure(path) }
        } catch {
            failure = RecordingError("\(path) can't take an event: \(error). The session goes on without it.")
        }
    }

    /// A line is written by one call, so that what a crash leaves is whole lines but for the last.
    private static func append(_ line: Data, to descriptor: Int32) -> Bool {
        Console.write(String(decoding: line, as: UTF8.self) + "\n", to: descriptor)
    }

    private static func failure(_ path: String) -> RecordingError {
        RecordingError("\(path) can't be written: \(String(cString: strerror(errno))). Make room there.")
    }
}
