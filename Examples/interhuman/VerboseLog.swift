import FoundationEssentials
import Glibc
import Logging
import SessionReport

/// `--verbose`: a line on standard error for each entry of the log, as text: an entry may quote a service.
struct VerboseLog: LogHandler {
    /// Longest line, in Unicode scalars.
    private static let longest = 8_000

    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]
    private let label: String

    init(label: String) {
        self.label = label
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let words = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value) " }.joined()
        let time = Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let text = "\(time) \(event.level) \(label): \(words)[\(event.source)] \(event.message)"
        _ = Console.write(PlainText.clean(text, atMost: Self.longest) + "\n", to: STDERR_FILENO)
    }
}
