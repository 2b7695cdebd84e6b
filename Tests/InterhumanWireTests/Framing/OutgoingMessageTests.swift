import InterhumanWire
import Testing

@Suite struct OutgoingMessageTests {
    private static let key = MaskKey(9, 8, 7, 6)

    private func encode(_ message: OutgoingMessage, maskKey: MaskKey?) -> [UInt8] {
        var message = message
        var wire: [UInt8] = []
        while let size = message.nextFrameSize(isMasked: maskKey != nil) {
            var frame = [UInt8](repeating: 0, count: size)
            let written = frame.withUnsafeMutableBytes { message.encodeNextFrame(maskKey: maskKey, into: $0) }
            #expect(written == size)
            wire += frame
        }
        #expect(message.isComplete)
        return wire
    }

    @Test(arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 65_537, 200_000])
    func headersGrowWithTheLength(count: Int) throws {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for key in [nil, Self.key] {
            let wire = encode(OutgoingMessage(.binary, pieces: [payload], fragmentSize: .max), maskKey: key)
            var expected = RawFrame.binary(payload)
            expected.mask = key.map { [$0.bytes.0, $0.bytes.1, $0.bytes.2, $0.bytes.3] }
            #expect(wire == expected.bytes)
        }
    }

    @Test func piecesAndFragmentsAreIndependent() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<60 {
            let payload = random.bytes(Int.random(in: 0...3000, using: &random))
            let pieces = random.pieces(of: payload, upTo: 900).map(Array.init)
            let size = Int.random(in: 1...1200, using: &random)
            let message = OutgoingMessage(.text, pieces: pieces, fragmentSize: size)
            #expect(message.byteCount == payload.count)
            let frames = try #require(parseFrames(encode(message, maskKey: Self.key)), "seed \(seed)")
            #expect(frames.flatMap(\.payload) == payload, "seed \(seed)")
            #expect(frames.map(\.opcode) == [1] + [UInt8](repeating: 0, count: frames.count - 1), "seed \(seed)")
            #expect(frames.dropLast().allSatisfy { !$0.isFinal && $0.payload.count == size }, "seed \(seed)")
            #expect(frames.last?.isFinal == true, "seed \(seed)")
        }
    }

    @Test func tooSmallABufferWritesNothing() {
        var message = OutgoingMessage(.binary, pieces: [[1, 2, 3]])
        var buffer: [UInt8] = [0xEE, 0xEE, 0xEE, 0xEE]
        #expect(buffer.withUnsafeMutableBytes { message.encodeNextFrame(maskKey: nil, into: $0) } == 0)
        #expect(buffer == [0xEE, 0xEE, 0xEE, 0xEE])
        #expect(message.bytesLeft == 3)
    }

    @Test func aFragmentSizeBelowOneCountsAsOne() throws {
        let wire = encode(OutgoingMessage(.binary, pieces: [[1, 2]], fragmentSize: 0), maskKey: nil)
        #expect(try #require(parseFrames(wire)).count == 2)
    }

    @Test func aCompleteMessageHasNoFrame() {
        var message = OutgoingMessage(.text, pieces: [])
        #expect(message.nextFrameSize(isMasked: false) == 2)
        var buffer = [UInt8](repeating: 0, count: 8)
        #expect(buffer.withUnsafeMutableBytes { message.encodeNextFrame(maskKey: nil, into: $0) } == 2)
        #expect(message.nextFrameSize(isMasked: false) == nil)
        #expect(buffer.withUnsafeMutableBytes { message.encodeNextFrame(maskKey: nil, into: $0) } == 0)
    }
}
