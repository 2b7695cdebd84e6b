import InterhumanCore
import InterhumanWire
import Synchronization
import Testing

@Suite struct SendingTests {
    @Test func clientsMaskServersDoNot() throws {
        var client = WebSocketMachine.client()
        var server = WebSocketMachine.server()
        try client.send(text: "Hello")
        try server.send(text: "Hello")
        #expect(client.takeOutput() == [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
        #expect(server.takeOutput() == [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
    }

    @Test func everyFrameTakesAKeyOfItsOwn() throws {
        let keys = KeySequence()
        var client = WebSocketMachine(role: .client(maskKeys: { keys.next() }))
        try client.send(binary: [UInt8](repeating: 0, count: 100_000))
        try client.ping()
        let masks = client.takeFrames().map(\.mask)
        #expect(masks == [[1, 0, 0, 0], [2, 0, 0, 0], [3, 0, 0, 0]])
    }

    @Test func largeMessagesAreCutIntoFragments() throws {
        var server = WebSocketMachine.server()
        try server.send(binary: [UInt8](repeating: 1, count: 150_000))
        #expect(server.takeFrames().map(\.payload.count) == [65_536, 65_536, 18_928])
    }

    @Test func pongsGoBetweenTheFramesOfALargeMessage() throws {
        var client = WebSocketMachine.client()
        var message = OutgoingMessage(.binary, pieces: [[1, 2, 3], [4, 5], []], fragmentSize: 2)
        var wire: [UInt8] = []
        while let size = client.nextFrameSize(of: message) {
            var frame = [UInt8](repeating: 0, count: size)
            let count = try frame.withUnsafeMutableBytes { try client.encodeNextFrame(of: &message, into: $0) }
            #expect(count == size)
            wire += frame
            _ = client.receive(RawFrame.ping("?").bytes)
            client.withOutput { wire += $0 }
        }
        #expect(!client.hasOutput)
        let frames = try #require(parseFrames(wire))
        #expect(frames.map(\.opcode) == [2, 10, 0, 10, 0, 10])
        #expect(frames.filter { $0.opcode != 10 }.flatMap(\.payload) == [1, 2, 3, 4, 5])
        var buffer: [UInt8] = [0]
        #expect(try buffer.withUnsafeMutableBytes { try client.encodeNextFrame(of: &message, into: $0) } == 0)
    }

    @Test func messagesDoNotNest() throws {
        var client = WebSocketMachine.client()
        var first = OutgoingMessage(.binary, pieces: [[1, 2, 3]], fragmentSize: 1)
        var second = OutgoingMessage(.binary, pieces: [[4]])
        var buffer = [UInt8](repeating: 0, count: 64)
        func encode(_ message: inout OutgoingMessage) throws {
            _ = try buffer.withUnsafeMutableBytes { try client.encodeNextFrame(of: &message, into: $0) }
        }
        try encode(&first)
        #expect(throws: WireError.self) { try encode(&second) }
        #expect(throws: WireError.self) { try client.send(text: "x") }
        try client.ping()
        try encode(&first)
        try encode(&first)
        try encode(&second)
        #expect(second.isComplete)
    }

    @Test func aBufferThatIsTooSmallIsMisuse() {
        var client = WebSocketMachine.client()
        var message = OutgoingMessage(.binary, pieces: [[1, 2, 3]])
        var buffer: [UInt8] = [0, 0]
        let error = #expect(throws: WireError.self) {
            try buffer.withUnsafeMutableBytes { try client.encodeNextFrame(of: &message, into: $0) }
        }
        #expect(error?.code == .misuse)
        #expect(message.bytesLeft == 3)
    }

    @Test func outputIsGivenOnce() throws {
        var server = WebSocketMachine.server()
        try server.pong(try #require(ControlPayload([7])))
        #expect(server.hasOutput)
        #expect(server.withOutput { Array($0) } == [0x8A, 1, 7])
        #expect(server.withOutput { $0.count } == 0)
        #expect(server.takeOutput() == [])
    }
}

/// Keys 1, 2, 3, …
private final class KeySequence: Sendable {
    private let last = Mutex<UInt8>(0)

    func next() -> MaskKey {
        last.withLock { last in
            last += 1
            return MaskKey(last, 0, 0, 0)
        }
    }
}
