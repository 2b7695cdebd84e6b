import FoundationEssentials
import Interhuman
import SessionReport

/// Keeps a session's events in a recording's directory, a line of JSON each, for `interhuman replay`.
actor EventJournal: SessionObserver {
    /// Name of the file in the directory.
    static let fileName = "events.jsonl"

    private let queue = BlockingQueue(label: "interhuman.journal")
    private let file: JournalFile
    /// Why the journal is not whole.
    private(set) var failure: RecordingError?

    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    /// Makes the file, which only its owner can read.
    ///
    /// - Throws: ``RecordingError``.
    init(directory: String, service: ServiceIdentity) throws {
        file = try JournalFile(path: "\(directory)/\(Self.fileName)")
        try file.append(try SessionJournal.line(for: JournalHeader(service: service)))
    }

    func observe(_ event: SessionEvent) {
        guard failure == nil else { return }
        do {
            guard let line = try SessionJournal.line(for: event) else { return }
            try file.append(line)
        } catch let error as RecordingError {
            failure = error
        } catch {
            failure = RecordingError(
                "\(Self.fileName) can't take an event: \(error). The session goes on without it.")
        }
    }
}
