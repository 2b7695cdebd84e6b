public import InterhumanCore
import InterhumanWire

/// A connector that records what goes over another one's connections, for ``ReplayConnector`` to play again.
///
/// ```swift
/// let recorder = try WireRecorder(path: "session.recording")
/// let session = StreamSession(
///     configuration: configuration, video: camera, audio: microphone, encoderFactory: encoders,
///     connector: RecordingConnector(network, recorder: recorder))
/// for try await event in try await session.start() { … }
/// try await recorder.finish()
/// ```
public struct RecordingConnector: AnalysisConnector {
    private let base: any AnalysisConnector
    private let recorder: WireRecorder

    /// Creates a connector over `base`.
    public init(_ base: any AnalysisConnector, recorder: WireRecorder) {
        self.base = base
        self.recorder = recorder
    }

    public func connect(_ request: ConnectionRequest) async throws(ConnectionError) -> any AnalysisConnection {
        let number = recorder.nextConnection()
        recorder.record(WireRecording.Entry(time: recorder.now, connection: number, kind: .connect))
        do throws(ConnectionError) {
            let connection = try await base.connect(request)
            var attributes: [String: String] = [:]
            if connection.correlationID != nil { attributes["named"] = "yes" }
            recorder.record(
                WireRecording.Entry(
                    time: recorder.now, connection: number, kind: .opened,
                    payload: Array((connection.correlationID ?? "").utf8), attributes: attributes))
            return RecordingConnection(base: connection, recorder: recorder, number: number)
        } catch {
            recorder.record(WireRecording.Entry(time: recorder.now, connection: number, kind: .refused, error))
            throw error
        }
    }
}

/// A connection whose traffic is recorded: what the client sends before the network has it, so that no answer comes
/// before its cause, and what the service sends when it is read.
private struct RecordingConnection: AnalysisConnection {
    let base: any AnalysisConnection
    let recorder: WireRecorder
    let number: Int

    var correlationID: String? { base.correlationID }
    var roundTrip: Duration? { base.roundTrip }

    var events: MediaSequence<ConnectionEvent, Never> {
        MediaSequence { () async throws(Never) -> ConnectionEvent? in
            var iterator = base.events.makeAsyncIterator()
            let event = await iterator.next()
            switch event {
            case .message(let message): await record(.received, Array(message.rawJSON.utf8))
            case .ended(let ending):
                recorder.record(WireRecording.Entry(time: recorder.now, connection: number, ending))
            case nil: break
            }
            return event
        }
    }

    func send(_ configuration: SessionConfiguration) async throws(ConnectionError) {
        await record(.configuration, Array(ClientMessageEncoder().encode(configuration).utf8))
        try await noting { () async throws(ConnectionError) in try await base.send(configuration) }
    }

    func send(_ segment: MediaSegment, includingHeader: Bool) async throws(ConnectionError) {
        let header = includingHeader ? segment.header : []
        await record(.segment, header + segment.body, header.isEmpty ? [:] : ["header": "\(header.count)"])
        try await noting { () async throws(ConnectionError) in
            try await base.send(segment, includingHeader: includingHeader)
        }
    }

    func requestClose() async throws(ConnectionError) {
        await record(.closeRequest, Array(ClientMessageEncoder().encodeClose().utf8))
        try await noting { () async throws(ConnectionError) in try await base.requestClose() }
    }

    /// Records that sending failed.
    private func noting(_ send: () async throws(ConnectionError) -> Void) async throws(ConnectionError) {
        do throws(ConnectionError) {
            try await send()
        } catch {
            recorder.record(
                WireRecording.Entry(time: recorder.now, connection: number, kind: .sendFailed, error))
            throw error
        }
    }

    func close() async {
        await record(.close)
        await base.close()
    }

    private func record(
        _ kind: WireRecording.Kind, _ payload: [UInt8] = [], _ attributes: [String: String] = [:]
    ) async {
        await recorder.recordWaiting(
            WireRecording.Entry(
                time: recorder.now, connection: number, kind: kind, payload: payload, attributes: attributes))
    }
}
