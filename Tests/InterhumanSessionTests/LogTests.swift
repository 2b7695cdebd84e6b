import InterhumanCore
import InterhumanSession
import InterhumanTesting
import Logging
import Synchronization
import Testing

/// What the session writes into its log.
@Suite(.timeLimit(.minutes(1)))
struct LogTests {
    @Test("every line has the session's name; those with a connection its number and the service's name for it")
    func metadata() async throws {
        let lines = LogLines()
        let connector = ScriptedConnector([
            .accept(
                ConnectionScript(correlationID: "first").on(
                    .open, .send(ServerMessage(scripted: .sessionReady(SessionReady())))
                ).on(.segment(1), .end(ConnectionEnding(closeCode: 1006)))),
            .accept(.wellBehaved()),
        ])
        var configuration = StreamSession.Configuration(
            credentials: RecordingCredentialProvider(repeating: Credential("a-secret-key")),
            endpoint: try ServiceEndpoint(baseURL: "wss://service.example"))
        configuration.id = "room-7"
        configuration.reconnect.shortestDelay = .zero
        let session = StreamSession(
            configuration: configuration, video: ArrayVideoSource(count: 270), audio: nil,
            encoderFactory: PassthroughSegmentEncoderFactory(), connector: connector,
            logger: Logger(label: "test") { _ in lines.handler })
        for try await _ in try await session.start() {}
        #expect(session.id == "room-7")
        let written = lines.all
        #expect(written.count > 10)
        #expect(written.allSatisfy { $0.metadata["session-id"] == "room-7" })
        let ofConnections = written.filter { $0.message.hasPrefix("connection ") }
        #expect(Set(ofConnections.compactMap { $0.metadata["connection"] }) == ["1", "2"])
        let named = written.filter { $0.metadata["correlation-id"] != nil }
        #expect(Set(named.compactMap { $0.metadata["correlation-id"] }) == ["first", "scripted-1"])
        #expect(named.allSatisfy { $0.metadata["connection"] != nil })
        #expect(!written.contains { "\($0)".contains("a-secret-key") })
    }

    @Test("sessions that got no name have names of their own")
    func randomNames() throws {
        let names = (0..<50).map { _ in StreamSession.Configuration.randomID() }
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.count == 16 })
    }
}

/// Keeps the lines of a log.
private final class LogLines: Sendable {
    struct Line: Sendable {
        var message: String
        var metadata: [String: String]
    }

    private let lines = Mutex<[Line]>([])

    var all: [Line] { lines.withLock { $0 } }
    var handler: any LogHandler { Handler(lines: self) }

    func append(_ line: Line) {
        lines.withLock { $0.append(line) }
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let whole = metadata.merging(event.metadata ?? [:]) { $1 }
            lines.append(Line(message: "\(event.message)", metadata: whole.mapValues { "\($0)" }))
        }
    }
}
