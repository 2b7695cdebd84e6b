import Interhuman

/// Stands in for the network: takes a session's messages as a service would, and keeps them.
struct RecordingConnector: AnalysisConnector {
    let recording: Recording

    func connect(_ request: ConnectionRequest) async throws(ConnectionError) -> any AnalysisConnection {
        RecordingConnection(recording: recording, number: await recording.beginConnection())
    }
}

/// A connection that ends when it is asked to, after `session.ready` and `session.ended`.
private final class RecordingConnection: AnalysisConnection {
    private let recording: Recording
    private let number: Int
    private let incoming: AsyncStream<ConnectionEvent>
    private let service: AsyncStream<ConnectionEvent>.Continuation

    let correlationID: String? = nil
    let events: MediaSequence<ConnectionEvent, Never>

    init(recording: Recording, number: Int) {
        self.recording = recording
        self.number = number
        (incoming, service) = AsyncStream.makeStream(of: ConnectionEvent.self, bufferingPolicy: .bufferingOldest(8))
        let events = incoming
        self.events = MediaSequence { () async throws(Never) in
            // Each event is taken by a fresh iterator of the one stream; there is one reader.
            for await event in events { return event }
            return nil
        }
        service.yield(.message(ServerMessage(type: "session.ready", body: .sessionReady(SessionReady()))))
    }

    func send(_ configuration: SessionConfiguration) async throws(ConnectionError) {}

    func send(_ segment: MediaSegment, includingHeader: Bool) async throws(ConnectionError) {
        await recording.keep(segment, includingHeader: includingHeader, connection: number)
        guard let failure = await recording.failure else { return }
        throw ConnectionError(.system, operation: "write the recording", message: failure.description)
    }

    func requestClose() async throws(ConnectionError) {
        service.yield(
            .message(
                ServerMessage(type: "session.ended", body: .sessionEnded(SessionEnded(reason: "client_shutdown")))))
        end(.remote)
    }

    func close() async {
        end(.local)
    }

    private func end(_ initiator: ConnectionEnding.Initiator) {
        service.yield(.ended(ConnectionEnding(closeCode: 1000, initiator: initiator)))
        service.finish()
    }
}
