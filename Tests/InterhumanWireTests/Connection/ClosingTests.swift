import InterhumanCore
import InterhumanWire
import Testing

/// RFC 6455 section 7 and 5.5.1.
@Suite struct ClosingTests {
    @Test func theClientBeginsTheServerEndsTCP() throws {
        var client = WebSocketMachine.client()
        var server = WebSocketMachine.server()
        try client.close(.normal, reason: "done")
        #expect(!client.canSend)
        let toServer = client.takeOutput()
        #expect(
            server.receive(toServer) == [.closeReceived(.normal, reason: "done"), .endTransport(.close)])
        #expect(server.ending?.initiator == .remote)
        let toClient = server.takeOutput()
        #expect(client.receive(toClient) == [.closeReceived(.normal, reason: ""), .endTransport(.awaitPeer)])
        #expect(client.ending?.initiator == .local)
        #expect(client.takeOutput() == [])
    }

    @Test func bothBeginAtOnce() throws {
        var client = WebSocketMachine.client()
        var server = WebSocketMachine.server()
        try client.close(.goingAway)
        try server.close(.serviceRestart)
        let (fromClient, fromServer) = (client.takeOutput(), server.takeOutput())
        #expect(server.receive(fromClient).last == .endTransport(.close))
        #expect(client.receive(fromServer).last == .endTransport(.awaitPeer))
        #expect(server.takeOutput() == [])
        #expect(client.takeOutput() == [])
    }

    @Test func messagesStillComeInAfterOurClose() throws {
        var client = WebSocketMachine.client()
        try client.close()
        _ = client.takeOutput()
        #expect(client.receive(RawFrame.text("last words").bytes) == [.text("last words")])
        // A ping is told, but nothing may follow our close frame.
        #expect(client.receive(RawFrame.ping("x").bytes).count == 1)
        #expect(client.takeOutput() == [])
    }

    @Test func aCloseWithoutACodeIsAnsweredWithoutOne() {
        var server = WebSocketMachine.server()
        let actions = server.receive(RawFrame.close().masked().bytes)
        #expect(actions.first == .closeReceived(.noStatus, reason: ""))
        #expect(server.takeFrames().map(\.payload) == [[]])
        #expect(server.ending?.closeCode == .noStatus)
    }

    @Test func aCloseInsideAFragmentedMessageIsObeyed() {
        var server = WebSocketMachine.server()
        let bytes = RawFrame.text("half", isFinal: false).masked().bytes + RawFrame.close(1000).masked().bytes
        #expect(server.receive(bytes).first == .closeReceived(.normal, reason: ""))
    }

    @Test func theEndOfTheStreamWithoutACloseFrameIs1006() {
        var client = WebSocketMachine.client()
        guard case .failed(let error) = client.receiveEndOfStream() else {
            Issue.record("no failure")
            return
        }
        #expect(error.code == .unexpectedEndOfStream)
        #expect(client.receiveEndOfStream() == .endTransport(.close))
        #expect(client.receiveEndOfStream() == nil)
        #expect(client.ending == WebSocketEnding(closeCode: .abnormal, reason: "", initiator: nil))
        #expect(client.takeOutput() == [])
    }

    @Test func theEndOfTheStreamAfterOnlyOurCloseIs1006Too() throws {
        var client = WebSocketMachine.client()
        try client.close()
        #expect(client.receiveEndOfStream() != nil)
        #expect(client.ending?.closeCode == .abnormal)
    }

    @Test func nothingCanBeSentAfterTheClose() throws {
        var client = WebSocketMachine.client()
        try client.close()
        #expect(throws: WireError.self) { try client.send(text: "x") }
        #expect(throws: WireError.self) { try client.send(binary: [1]) }
        #expect(throws: WireError.self) { try client.ping() }
        #expect(throws: WireError.self) { try client.pong() }
        var message = OutgoingMessage(.binary, pieces: [[1]])
        var buffer = [UInt8](repeating: 0, count: 64)
        let error = #expect(throws: WireError.self) {
            try buffer.withUnsafeMutableBytes { try client.encodeNextFrame(of: &message, into: $0) }
        }
        #expect(error?.code == .closed)
        try client.close()  // harmless
        #expect(client.takeFrames().count == 1)
    }

    @Test func wrongCodesAndLongReasonsAreMisuse() {
        var client = WebSocketMachine.client()
        for code in [999, 1005, 1006, 1015, 2000, 5000] as [UInt16] {
            let error = #expect(throws: WireError.self) { try client.close(WebSocketCloseCode(rawValue: code)) }
            #expect(error?.code == .misuse)
        }
        #expect(throws: WireError.self) { try client.close(reason: String(repeating: "é", count: 62)) }
        #expect(client.canSend)
        #expect(throws: Never.self) { try client.close(reason: String(repeating: "é", count: 61) + "x") }
        #expect(client.takeFrames().first?.payload.count == 125)
    }

    @Test func aCloseWithoutACodeHasNoPayload() throws {
        var client = WebSocketMachine.client()
        try client.close(nil, reason: "not sent")
        #expect(client.takeFrames().first?.payload == [])
    }

    @Test func abortingSendsTheErrorsCode() throws {
        var client = WebSocketMachine.client()
        let long = String(repeating: "ü", count: 100)
        client.abort(with: WireError(.misuse, operation: "test", message: long, closeCode: .policyViolation))
        let payload = try #require(client.takeFrames().first).payload
        #expect(payload.prefix(2) == [3, 240])
        #expect(String(validating: payload.dropFirst(2), as: UTF8.self) == String(repeating: "ü", count: 61))
        #expect(client.receive([]) == [.endTransport(.awaitPeer)])
        client.abort(with: WireError(.misuse, operation: "test", message: "again"))
        #expect(client.takeOutput() == [])
    }

    @Test func abortingWithoutACodeIsAnInternalError() {
        var server = WebSocketMachine.server()
        server.abort(with: WireError(.misuse, operation: "test", message: "no code"))
        #expect(server.ending?.closeCode == .internalError)
        #expect(server.receiveEndOfStream() == .endTransport(.close))
    }
}
