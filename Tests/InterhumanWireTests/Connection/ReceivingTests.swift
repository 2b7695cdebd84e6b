import InterhumanWire
import Testing

/// RFC 6455 section 5, the receiving side. A server's frames go to a client unless the test says otherwise.
@Suite struct ReceivingTests {
    /// Section 5.7, the RFC's own examples.
    @Test func examplesOfTheRFC() throws {
        var client = WebSocketMachine.client()
        #expect(client.receive([0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F]) == [.text("Hello")])
        #expect(client.receive([0x01, 0x03, 0x48, 0x65, 0x6C]) == [])
        #expect(client.receive([0x80, 0x02, 0x6C, 0x6F]) == [.text("Hello")])
        let hello = try #require(ControlPayload("Hello".utf8))
        #expect(client.receive([0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F]) == [.ping(hello)])
        #expect(client.takeOutput() == [0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])

        var server = WebSocketMachine.server()
        let masked: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        #expect(server.receive(masked) == [.text("Hello")])
        let bytes256 = [UInt8](repeating: 7, count: 256)
        #expect(client.receive([0x82, 0x7E, 0x01, 0x00] + bytes256) == [.binary(bytes256)])
        let bytes64k = [UInt8](repeating: 8, count: 65_536)
        #expect(client.receive([0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0] + bytes64k) == [.binary(bytes64k)])
    }

    @Test(arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 300_000])
    func messagesOfEveryLengthComeWhole(count: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var client = WebSocketMachine.client()
        #expect(client.receive(RawFrame.binary(payload).bytes) == [.binary(payload)])
        var server = WebSocketMachine.server()
        #expect(server.receive(RawFrame.binary(payload).masked().bytes) == [.binary(payload)])
    }

    @Test func controlFramesComeBetweenFragments() throws {
        var client = WebSocketMachine.client()
        let frames: [RawFrame] = [
            .text("a", isFinal: false), .ping("1"), .continuation(Array("b".utf8), isFinal: false), .pong("2"),
            .continuation([], isFinal: false), .continuation(Array("c".utf8)), .text(""),
        ]
        let actions = client.receive(frames.flatMap(\.bytes))
        let (one, two) = (try #require(ControlPayload("1".utf8)), try #require(ControlPayload("2".utf8)))
        #expect(actions == [.ping(one), .pong(two), .text("abc"), .text("")])
        #expect(client.takeFrames().map(\.opcode) == [10])
    }

    @Test func receiveStopsAtEachActionAndLeavesTheRest() {
        var client = WebSocketMachine.client()
        let bytes = RawFrame.text("a").bytes + RawFrame.text("b").bytes + [0x81]
        bytes.withUnsafeBytes { pointer in
            var input = pointer
            #expect(client.receive(&input) == .text("a"))
            #expect(input.count == 4)
            #expect(client.receive(&input) == .text("b"))
            #expect(client.receive(&input) == nil)
            #expect(input.isEmpty)
        }
        // The begun header is remembered.
        #expect(client.receive([0x01, 0x63]) == [.text("c")])
    }

    @Test func everySplitOfAConversationGivesTheSame() throws {
        let conversation: [RawFrame] = [
            .text("κόσμε", isFinal: false), .ping("p"), .continuation(Array(" 🙂".utf8)),
            .binary([UInt8](repeating: 9, count: 130)), .pong(), .close(1000, "bye"),
        ]
        for isServer in [false, true] {
            let bytes = conversation.flatMap { isServer ? $0.masked().bytes : $0.bytes }
            let make = { isServer ? WebSocketMachine.server() : WebSocketMachine.client() }
            var whole = make()
            let expected = whole.receive(bytes)
            #expect(expected.count == 6)
            let output = whole.takeOutput()
            for first in 0...bytes.count {
                var machine = make()
                let actions = machine.receive(bytes[..<first]) + machine.receive(bytes[first...])
                #expect(actions == expected, "split at \(first)")
                #expect(machine.takeOutput() == output, "split at \(first)")
            }
            var single = make()
            #expect(bytes.flatMap { single.receive([$0]) } == expected)
        }
    }

    @Test func randomConversationsSurviveRandomSplits() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<40 {
            var sender = WebSocketMachine.client()
            var expected: [WebSocketAction] = []
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let bytes = random.bytes(Int.random(in: 0...2000, using: &random))
                switch Int.random(in: 0...3, using: &random) {
                case 0:
                    let text = String(decoding: bytes, as: UTF8.self)
                    try sender.send(text: text)
                    expected.append(.text(text))
                case 1:
                    let payload = try #require(ControlPayload(bytes.prefix(125)))
                    try sender.ping(payload)
                    expected.append(.ping(payload))
                default:
                    try sender.send(binary: bytes)
                    expected.append(.binary(bytes))
                }
            }
            var receiver = WebSocketMachine.server()
            let pieces = random.pieces(of: sender.takeOutput(), upTo: 500)
            #expect(pieces.flatMap { receiver.receive($0) } == expected, "seed \(seed)")
        }
    }

    @Test func sequencesWithoutContiguousStorageAreTaken() {
        var client = WebSocketMachine.client()
        #expect(client.receive(RawFrame.text("x").bytes.lazy.map { $0 }) == [.text("x")])
    }

    @Test func afterTheEndBytesAreDiscarded() {
        var client = WebSocketMachine.client()
        let actions = client.receive(RawFrame.close(1000).bytes + RawFrame.text("late").bytes + [0xFF, 0xFF])
        #expect(actions == [.closeReceived(.normal, reason: ""), .endTransport(.awaitPeer)])
        #expect(client.receive([1, 2, 3]) == [])
        #expect(client.receiveEndOfStream() == nil)
    }
}
