import InterhumanWire
import Testing

/// The port for compression, with a conformer of our own: every byte is turned round, and a 0xFF can't be read.
@Suite struct CompressionPortTests {
    private final class TurnedRound: MessageCompression {
        func inflate(
            _ bytes: UnsafeRawBufferPointer, isLast: Bool, into output: inout [UInt8], limit: Int
        ) throws(ProtocolViolation) {
            for byte in bytes {
                guard byte != 0xFF else { throw .compressedDataMalformed }
                guard output.count < limit else { throw .inflatedTooLarge }
                output.append(~byte)
            }
        }

        func deflate(_ pieces: [[UInt8]]) -> [UInt8]? {
            pieces.joined().count < 3 ? nil : pieces.joined().map { ~$0 }
        }
    }

    private struct Negotiation: CompressionNegotiation {
        let offers = [ExtensionDescription("x-turned-round")]

        func activate(response: ExtensionDescription) throws(WireError) -> any MessageCompression { TurnedRound() }

        func choose(
            from offers: [ExtensionDescription]
        ) -> (response: ExtensionDescription, any MessageCompression)? {
            offers.contains { $0.name == "x-turned-round" } ? (self.offers[0], TurnedRound()) : nil
        }
    }

    private func machine(message: Int = 1000) -> WebSocketMachine {
        var limits = WebSocketLimits()
        limits.message = message
        return WebSocketMachine(role: .server, limits: limits, compression: TurnedRound())
    }

    @Test func theHandshakePlugsItIn() throws {
        let key = try #require(HandshakeKey(bytes: [UInt8](0..<16)))
        var client = try ClientHandshake(.init(target: "/", authority: "h", key: key, compression: Negotiation()))
        var server = ServerHandshake()
        let request = try #require(server.receive(client.request).outcome?.upgrade)
        #expect(request.extensions == [ExtensionDescription("x-turned-round")])
        #expect(try request.accept().compression == nil)
        let acceptance = try request.accept(compression: Negotiation())
        #expect(acceptance.compression != nil)
        #expect(try client.receive(acceptance.response).outcome?.acceptance?.compression != nil)
    }

    @Test func markedMessagesGoThroughIt() throws {
        var server = machine()
        try server.send(text: "abc")
        #expect(server.takeOutput() == [0xC1, 3, 0x9E, 0x9D, 0x9C])
        try server.send(text: "ab")
        #expect(server.takeOutput() == [0x81, 2, 0x61, 0x62])
        var frame = RawFrame(isFinal: false, reserved: 4, opcode: 1, payload: [0x9E]).masked()
        #expect(server.receive(frame.bytes).isEmpty)
        frame = RawFrame.continuation([0x9D]).masked()
        #expect(server.receive(frame.bytes) == [.text("ab")])
        #expect(server.receive(RawFrame.text("plain").masked().bytes) == [.text("plain")])
    }

    /// Of two faults the first one counts, wherever the frame is cut.
    @Test func faultsComeInOrder() {
        let notUTF8 = RawFrame(reserved: 4, opcode: 1, payload: [0x01, 0xFF]).masked().bytes
        var whole = machine()
        #expect(whole.receive(notUTF8).first?.violation == .textNotUTF8)
        let malformed = RawFrame(reserved: 4, opcode: 1, payload: [0x9E, 0xFF, 0x01]).masked().bytes
        var other = machine()
        #expect(other.receive(malformed).first?.violation == .compressedDataMalformed)
        var small = machine(message: 2)
        let long = RawFrame(isFinal: false, reserved: 4, opcode: 2, payload: [1, 2]).masked().bytes
        #expect(small.receive(long).isEmpty)
        #expect(small.receive(RawFrame.continuation([3]).masked().bytes).first?.violation == .messageTooLarge)
    }

    @Test func controlFramesAndContinuationsAreNeverMarked() {
        for (first, violation) in [
            (UInt8(0xC9), ProtocolViolation.compressedControlFrame), (0xC0, .compressedContinuation),
            (0xA1, .reservedBitSet),
        ] {
            var server = machine()
            #expect(server.receive([first]).first?.violation == violation)
        }
    }
}
