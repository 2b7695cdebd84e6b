import FoundationEssentials
import Interhuman
import SessionReport

/// A session that `interhuman stream --keep` kept, read again event by event.
actor RecordedSession {
    /// Which service answered.
    nonisolated let service: ServiceIdentity
    private let lines: LineFile
    /// Lines that mean nothing to this version, and were passed over.
    private var unreadableCount = 0
    private var eventCount = 0
    private var hasEnded = false
    private var breaksOff = false

    /// Opens the journal in a directory.
    ///
    /// - Throws: ``ReplayError`` when there is none, or it is something else.
    init(directory: String) async throws(ReplayError) {
        do throws(ReplayError) {
            lines = try LineFile(
                path: "\(directory)/\(EventJournal.fileName)", longestLine: SessionJournal.longestLine)
        } catch {
            throw ReplayError(
                "\(error.description) Give a directory that 'interhuman stream --keep' wrote; what 'record' writes has "
                    + "media only.")
        }
        guard let line = try await lines.next(), let header = SessionJournal.header(line) else {
            throw ReplayError(
                "\(directory)/\(EventJournal.fileName) is no journal of a session (\(JournalHeader.format)). Give a "
                    + "directory that 'interhuman stream --keep' wrote.")
        }
        service = header.service
    }

    /// The next event; nil when there are no more.
    ///
    /// - Throws: ``ReplayError`` when the file can't be read.
    func next() async throws(ReplayError) -> SessionEvent? {
        while let line = try await lines.next() {
            guard let event = SessionJournal.event(line) else {
                if await lines.endsWithinLine { breaksOff = true } else { unreadableCount += 1 }
                continue
            }
            eventCount += 1
            if case .ended = event.kind { hasEnded = true }
            return event
        }
        return nil
    }

    /// Why the recording tells less than the whole session; nil when it was whole. Once everything was read.
    var shortfall: String? {
        get async {
            var words: [String] = []
            if !hasEnded {
                words.append(
                    "The recording breaks off before the session's end"
                        + (breaksOff ? ", in the middle of an event." : "."))
            }
            let bad = await unreadableCount + lines.tooLongCount
            if bad > 0 { words.append("\(bad) lines could not be read and were passed over.") }
            return words.isEmpty ? nil : words.joined(separator: " ")
        }
    }

    /// Whether the session's end is in the recording. Once everything was read.
    var isWhole: Bool { hasEnded }
}
