import Glibc
import InterhumanCore
import InterhumanEncode
import InterhumanSession
import InterhumanWire

/// A session over something that is no WebSocket: here an actor that takes segments and answers in JSON, as a broker, a
/// queue or a store-and-forward disk might.
///
///     swift run CustomTransport
///
/// A connector opens connections; a connection takes a configuration, segments and the wish to end, and gives messages.
/// Everything above it (segments, order, reconnecting, typed events) stays as it is. There is no OpenSSL in this program.
struct BrokerConnector: AnalysisConnector {
    func connect(_ request: ConnectionRequest) async throws(ConnectionError) -> any AnalysisConnection {
        // Throw `ConnectionError` when it can't be opened: its code decides whether the session tries again.
        try BrokerConnection()
    }
}

final class BrokerConnection: AnalysisConnection {
    let correlationID: String? = "broker-1"
    let events: MediaSequence<ConnectionEvent, Never>
    private let inbox: AsyncStream<ConnectionEvent>.Continuation
    private let broker = Broker()

    init() throws(ConnectionError) {
        // A session reads its events as they come; answers are few, so that a buffer of this size never fills.
        let (stream, inbox) = AsyncStream.makeStream(of: ConnectionEvent.self, bufferingPolicy: .bufferingNewest(64))
        self.inbox = inbox
        let iterator = Reader(stream)
        events = MediaSequence { () async throws(Never) in await iterator.next() }
        try deliver(#"{"type":"session.ready","data":{}}"#)
    }

    func send(_ configuration: SessionConfiguration) async throws(ConnectionError) {
        try deliver(#"{"type":"session.updated","data":{"include":[]}}"#)
    }

    func send(_ segment: MediaSegment, includingHeader: Bool) async throws(ConnectionError) {
        try deliver(await broker.take(segment))
    }

    func requestClose() async throws(ConnectionError) {
        try deliver(#"{"type":"session.ended","data":{"reason":"client_shutdown"}}"#)
        await close()
    }

    func close() async {
        inbox.yield(.ended(ConnectionEnding(closeCode: 1000, initiator: .local)))
        inbox.finish()
    }

    /// Messages come as the service writes them; Wire's decoder makes them typed, and keeps the JSON.
    private func deliver(_ json: String) throws(ConnectionError) {
        do {
            inbox.yield(.message(try EnvelopeDecoder().decode(json)))
        } catch {
            throw ConnectionError(
                .protocolViolation, operation: "read the broker's answer",
                message: "The broker's answer is no message of the API. \(error.message)")
        }
    }
}

/// Where the media go.
actor Broker {
    private var byteCount = 0

    func take(_ segment: MediaSegment) -> String {
        byteCount += segment.body.count
        let (start, end) = (segment.mediaStart, segment.mediaEnd)
        print("broker: segment \(segment.index), \(start) to \(end) s, \(byteCount) bytes so far")
        return #"{"type":"engagement.updated","data":{"state":"engaged","start":\#(start),"end":\#(end)}}"#
    }
}

/// Hands out the elements of a stream to one consumer at a time.
private actor Reader {
    private var iterator: AsyncStream<ConnectionEvent>.AsyncIterator

    init(_ stream: AsyncStream<ConnectionEvent>) { iterator = stream.makeAsyncIterator() }

    func next() async -> ConnectionEvent? {
        var copy = iterator
        defer { iterator = copy }
        return await copy.next(isolation: self)
    }
}

@main
enum CustomTransport {
    static func main() async {
        do {
            try await run()
        } catch {
            // It says what happened and what to do.
            print(error)
            exit(1)
        }
    }

    private static func run() async throws {
        let session = StreamSession(
            configuration: StreamSession.Configuration(
                credentials: StaticCredential(Credential("none")), endpoint: try ServiceEndpoint()),
            video: TestPatternVideoSource(frameCount: 15 * 7, pacing: .asFastAsPulled),
            audio: VoiceLikeAudioSource(chunkCount: 350, pacing: .asFastAsPulled),
            encoderFactory: FFmpegSegmentEncoderFactory(settings: SegmentSettings()), connector: BrokerConnector())
        for try await event in try await session.start() {
            if case .engagement(let update) = event.kind {
                print("session:", update.value.state, "from", update.value.start ?? 0)
            }
            if case .ended(let summary) = event.kind { print("session: \(summary.segmentsSent) segments sent") }
        }
    }
}
