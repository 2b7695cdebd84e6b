import InterhumanCore
import InterhumanWire
import Testing

/// Every rule that a peer can break, and the close code it gets.
@Suite struct ViolationTests {
    /// Server's bytes that break a rule, as a client sees them.
    static let brokenByServer: [(ProtocolViolation, [UInt8])] = [
        (.reservedBitSet, [0xC1]), (.reservedBitSet, [0xA1]), (.reservedBitSet, [0x91]), (.reservedBitSet, [0xF9]),
        (.reservedOpcode, [0x83]), (.reservedOpcode, [0x87]), (.reservedOpcode, [0x8B]), (.reservedOpcode, [0x0F]),
        (.maskUnexpected, [0x81, 0x80]),
        (.lengthNotMinimal, [0x82, 126, 0, 125]), (.lengthNotMinimal, [0x82, 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        (.lengthHighBitSet, [0x82, 127, 0x80]),
        (.controlFragmented, [0x09]), (.controlFragmented, [0x08]), (.controlFragmented, [0x0A]),
        (.controlTooLong, [0x89, 126]), (.controlTooLong, [0x88, 127]),
        (.closePayloadTooShort, [0x88, 1, 3]),
        (.closeReasonNotUTF8, [0x88, 3, 3, 0xE8, 0xFF]),
        (.continuationWithoutStart, [0x80, 0]), (.continuationWithoutStart, [0x00, 1]),
        (.messageInsideMessage, [0x01, 0, 0x81, 0]), (.messageInsideMessage, [0x02, 0, 0x02, 0]),
        (.textNotUTF8, [0x81, 1, 0xFF]), (.textNotUTF8, [0x81, 5, 0xC0]), (.textNotUTF8, [0x81, 2, 0x41, 0xC3]),
        (.textNotUTF8, [0x01, 1, 0xC3, 0x80, 0]), (.textNotUTF8, [0x01, 2, 0xED, 0xA0]),
    ]

    @Test(arguments: brokenByServer)
    func clientFailsTheConnection(violation: ProtocolViolation, bytes: [UInt8]) throws {
        var client = WebSocketMachine.client()
        let actions = client.receive(bytes)
        #expect(actions.map(\.violation) == [violation, nil])
        #expect(actions.last == .endTransport(.awaitPeer))
        let frames = client.takeFrames()
        #expect(frames.map(\.opcode) == [8])
        let payload = try #require(frames.first).payload
        #expect(payload.prefix(2).reduce(0) { $0 << 8 | UInt16($1) } == violation.rule.closeCode.rawValue)
        #expect(client.ending?.closeCode == violation.rule.closeCode)
        #expect(client.ending?.initiator == .local)
        #expect(!client.canSend)
    }

    /// The connection fails at the very byte that breaks the rule, not later.
    @Test(arguments: brokenByServer)
    func theLastByteIsTheOneThatFails(violation: ProtocolViolation, bytes: [UInt8]) {
        var client = WebSocketMachine.client()
        #expect(client.receive(bytes.dropLast()).isEmpty)
        #expect(client.receive(bytes.suffix(1)).first?.violation == violation)
    }

    @Test func serverFailsOnUnmaskedFrames() {
        var server = WebSocketMachine.server()
        let actions = server.receive(RawFrame.text("x").bytes)
        #expect(actions.map(\.violation) == [.maskMissing, nil])
        #expect(actions.last == .endTransport(.close))
    }

    @Test(arguments: [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] as [UInt16])
    func closeCodesThatMustNotBeSentFail(code: UInt16) {
        var client = WebSocketMachine.client()
        #expect(client.receive(RawFrame.close(code).bytes).first?.violation == .closeCodeInvalid)
    }

    @Test(arguments: [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4003, 4999])
    func closeCodesThatMayBeSentAreEchoed(code: UInt16) throws {
        var client = WebSocketMachine.client()
        let actions = client.receive(RawFrame.close(code, "why").bytes)
        let expected = WebSocketCloseCode(rawValue: code)
        #expect(actions == [.closeReceived(expected, reason: "why"), .endTransport(.awaitPeer)])
        #expect(client.takeFrames().first?.payload == [UInt8(code >> 8), UInt8(code & 255)])
        #expect(client.ending == WebSocketEnding(closeCode: expected, reason: "why", initiator: .remote))
    }

    /// The table names every rule, with one of the codes that RFC 6455 has for it.
    @Test(arguments: ProtocolViolation.allCases) func theTableIsWhole(violation: ProtocolViolation) {
        let rule = violation.rule
        #expect([.protocolError, .invalidPayload, .messageTooBig].contains(rule.closeCode))
        #expect(rule.message.hasPrefix("The ") && rule.message.hasSuffix("."))
        #expect(rule.source.hasPrefix("RFC "))
        #expect(rule.message.utf8.count <= 123, "it goes into a close frame")
        let error = WireError(violation)
        #expect(error.violation == violation)
        #expect(error.closeCode == rule.closeCode)
        #expect(error.code == (rule.closeCode == .messageTooBig ? .limitExceeded : .protocolViolation))
    }

    @Test func afterOurOwnCloseAViolationSendsNoSecondClose() throws {
        var client = WebSocketMachine.client()
        try client.close()
        _ = client.takeOutput()
        #expect(client.receive([0xFF]).first?.violation == .reservedBitSet)
        #expect(client.takeOutput() == [])
    }

    @Test func nothingOfThePayloadIsInTheError() {
        var client = WebSocketMachine.client()
        let actions = client.receive(RawFrame(opcode: 1, payload: Array("secret".utf8) + [0xFF]).bytes)
        #expect(!"\(actions)".contains("secret"))
    }
}
