import InterhumanCore
import InterhumanTesting
import Testing

/// The doubles of connector and connection do what their scripts say and record what was done to them.
@Suite(.timeLimit(.minutes(1)))
struct ScriptedConnectionTests {
    private func request() throws -> ConnectionRequest {
        ConnectionRequest(endpoint: try ServiceEndpoint(), credential: Credential("key"))
    }

    private func segment(_ index: Int) -> MediaSegment {
        MediaSegment(
            index: index, header: [1, 2], body: [3, UInt8(index)], timeRange: TimeRange(start: .zero, end: .zero),
            mediaStart: 0, mediaEnd: 0, videoFrameCount: 1, audioSampleCount: 0)
    }

    private func message(_ text: String) -> ServerMessage {
        ServerMessage(scripted: .feedbackGenerated(Feedback(text: text)))
    }

    /// Everything that comes until the end, in words.
    private func everything(from connection: any AnalysisConnection) async -> [String] {
        var words: [String] = []
        for await event in connection.events {
            switch event {
            case .message(let message):
                if case .feedbackGenerated(let feedback) = message.body { words.append(feedback.text) }
            case .ended(let ending):
                words.append("ended \(ending.closeCode)")
                return words
            }
        }
        return words
    }

    @Test("attempts go in order; beyond the last one nothing is reachable")
    func attempts() async throws {
        let refusal = ConnectionError(.refused, operation: "connect", message: "No.", httpStatus: 500)
        let connector = ScriptedConnector([.refuse(refusal), .accept(ConnectionScript(correlationID: "c"))])
        let request = try request()
        await #expect(throws: ConnectionError.self) { try await connector.connect(request) }
        #expect(try await connector.connect(request).correlationID == "c")
        await #expect(throws: ConnectionError.self) { try await connector.connect(request) }
        #expect(connector.requests.count == 3)
        #expect(connector.connections.count == 1)
    }

    @Test("an attempt that hangs ends with its task")
    func hang() async throws {
        let connector = ScriptedConnector([.hang])
        let request = try request()
        let attempt = Task { try await connector.connect(request) }
        _ = await connector.request()
        attempt.cancel()
        await #expect(throws: ConnectionError.self) { try await attempt.value }
    }

    @Test("triggers set off their actions in order")
    func triggers() async throws {
        let connection = ScriptedConnection(
            ConnectionScript()
                .on(.open, .send(message("open")))
                .on(.configuration, .send(message("configured")))
                .on(.segment(2), .send(message("two")), .send(message("more")))
                .on(.closeRequest, .end(ConnectionEnding(closeCode: 1000))))
        try await connection.send(SessionConfiguration())
        try await connection.send(segment(0), includingHeader: true)
        try await connection.send(segment(1), includingHeader: false)
        try await connection.requestClose()
        #expect(await everything(from: connection) == ["open", "configured", "two", "more", "ended 1000"])
        #expect(connection.binaryMessages == [[1, 2, 3, 0], [3, 1]])
        await #expect(throws: ConnectionError.self) { try await connection.requestClose() }
    }

    @Test("held calls go on when released, fail when the connection ends, end when cancelled")
    func held() async throws {
        let connection = ScriptedConnection(ConnectionScript().on(.open, .holdSends))
        let released = Task { try await connection.requestClose() }
        await connection.waitUntilSendIsHeld()
        #expect(connection.sent.isEmpty)
        connection.releaseSends()
        try await released.value
        #expect(connection.sent == [.closeRequest])

        connection.holdSends()
        let cancelled = Task { try await connection.requestClose() }
        await connection.waitUntilSendIsHeld()
        cancelled.cancel()
        await #expect(throws: ConnectionError.self) { try await cancelled.value }

        let ended = Task { try await connection.requestClose() }
        await connection.waitUntilSendIsHeld()
        connection.end(ConnectionEnding(closeCode: 1006))
        await #expect(throws: ConnectionError.self) { try await ended.value }
        #expect(await everything(from: connection) == ["ended 1006"])
    }

    @Test("the client's close ends the events")
    func close() async {
        let connection = ScriptedConnection(ConnectionScript())
        let reader = Task { await everything(from: connection) }
        connection.deliver(message("last"))
        await connection.waitUntilRead()
        await connection.close()
        await connection.close()
        #expect(await reader.value == ["last", "ended 1000"])
        #expect(connection.isClosedByClient)
    }

    @Test("a scripted message has the type of its body, and JSON")
    func messages() {
        #expect(message("x").type == "feedback.generated")
        #expect(
            message("x").rawJSON
                == #"{"data":{"feedback":"x"},"timestamp":"1970-01-01T00:00:00.000000Z","type":"feedback.generated"}"#)
        #expect(ServerMessage(scripted: .unknown(reason: "?"), rawJSON: "{}").rawJSON == "{}")
    }
}
