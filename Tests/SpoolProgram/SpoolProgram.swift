import Glibc
import InterhumanCore
import InterhumanSession
import InterhumanTesting

/// Streams through a slow link with a spool, and notes on standard output what the service got, a line for each segment:
/// the capture time of its first picture or sample, in nanoseconds. For a test that kills it.
@main
enum SpoolProgram {
    static func main() async throws {
        guard CommandLine.arguments.count == 4, let seconds = Int(CommandLine.arguments[2]),
            let speed = Double(CommandLine.arguments[3])
        else {
            print("usage: SpoolProgram DIRECTORY SECONDS BYTES-PER-SECOND")
            exit(64)
        }
        let clock = SystemClock()
        var link = SimulatedLink()
        link.bytesPerSecond = speed
        var configuration = StreamSession.Configuration(
            credentials: StaticCredential(Credential("key")),
            endpoint: try ServiceEndpoint(baseURL: "wss://service.example"))
        configuration.spool = DiskSpool(directory: CommandLine.arguments[1])
        configuration.outbox.maximumAge = nil
        configuration.outbox.maximumSegments = 10_000
        configuration.adaptation.isEnabled = false
        let session = StreamSession(
            configuration: configuration,
            video: ArrayVideoSource(count: 10 * seconds, frameRate: 10, base: clock.now, isLive: true, clock: clock),
            audio: nil,
            encoderFactory: PassthroughSegmentEncoderFactory(segmentDuration: .milliseconds(200), padding: 1_000),
            connector: NotingConnector(SimulatedConnector(clock: clock) { [link] _ in link }), clock: clock)
        for try await event in try await session.start() {
            if case .gap(let gap) = event.kind { note("gap \(gap.cause) \(gap.segments.count)") }
            if case .recovered(let count) = event.kind { note("recovered \(count)") }
        }
        note("done")
    }
}

/// Writes a line at once, so that it is out when the process is killed.
private func note(_ text: String) {
    let line = Array((text + "\n").utf8)
    _ = line.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
}

/// Notes each segment that a connection has taken whole.
private struct NotingConnector: AnalysisConnector {
    let connector: SimulatedConnector

    init(_ connector: SimulatedConnector) {
        self.connector = connector
    }

    func connect(_ request: ConnectionRequest) async throws(ConnectionError) -> any AnalysisConnection {
        NotingConnection(connection: try await connector.connect(request))
    }
}

private struct NotingConnection: AnalysisConnection {
    let connection: any AnalysisConnection

    var correlationID: String? { connection.correlationID }
    var events: MediaSequence<ConnectionEvent, Never> { connection.events }

    func send(_ configuration: SessionConfiguration) async throws(ConnectionError) {
        try await connection.send(configuration)
    }

    func send(_ segment: MediaSegment, includingHeader: Bool) async throws(ConnectionError) {
        try await connection.send(segment, includingHeader: includingHeader)
        let time = segment.body.dropFirst().prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        note("sent \(time)")
    }

    func requestClose() async throws(ConnectionError) { try await connection.requestClose() }
    func close() async { await connection.close() }
}
