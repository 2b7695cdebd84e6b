import InterhumanWire
import Testing

@Suite struct MaskingTests {
    private static let key = MaskKey(0xDE, 0x01, 0x7F, 0x80)
    private static let keyBytes: [UInt8] = [0xDE, 0x01, 0x7F, 0x80]

    /// RFC 6455 section 5.3, word for word: octet i is XORed with key octet i mod 4.
    private func naive(_ bytes: some Sequence<UInt8>, phase: Int) -> [UInt8] {
        bytes.enumerated().map { $1 ^ Self.keyBytes[($0 + phase) % 4] }
    }

    @Test func everyLengthOffsetAndPhaseMatchesTheNaiveLoop() {
        var random = SeededGenerator(seed: 1)
        let source = random.bytes(400)
        var mismatches = 0
        for length in 0...300 {
            for offset in 0...67 {
                let phase = (length + offset) % 4
                let expected = naive(source[offset..<(offset + length)], phase: phase)
                var copy = [UInt8](repeating: 0xEE, count: length + 8)
                source.withUnsafeBytes { source in
                    copy.withUnsafeMutableBytes { copy in
                        Masking.copy(
                            from: UnsafeRawBufferPointer(rebasing: source[offset..<(offset + length)]),
                            to: UnsafeMutableRawBufferPointer(rebasing: copy[4..<(4 + length)]),
                            key: Self.key, phase: phase)
                    }
                }
                if Array(copy[4..<(4 + length)]) != expected { mismatches += 1 }
                // Nothing before or behind is touched.
                if copy[..<4] + copy[(4 + length)...] != [UInt8](repeating: 0xEE, count: 8)[...] { mismatches += 1 }
            }
        }
        #expect(mismatches == 0)
    }

    @Test(arguments: 0...9) func maskingInPlaceMatchesTheNaiveLoop(phase: Int) {
        var random = SeededGenerator(seed: 2)
        for length in [0, 1, 3, 7, 8, 63, 64, 65, 127, 1000] {
            let original = random.bytes(length)
            var bytes = original
            bytes.withUnsafeMutableBytes { Masking.apply(Self.key, phase: phase, to: $0) }
            #expect(bytes == naive(original, phase: phase))
        }
    }

    @Test func randomPiecesWithARunningPhaseMatchOnePass() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let original = random.bytes(Int.random(in: 0...5000, using: &random))
            var result: [UInt8] = []
            for piece in random.pieces(of: original, upTo: 700) {
                var bytes = Array(piece)
                bytes.withUnsafeMutableBytes { Masking.apply(Self.key, phase: result.count, to: $0) }
                result += bytes
            }
            #expect(result == naive(original, phase: 0), "seed \(seed)")
        }
    }

    @Test func keysFromBytesAndWordsAgree() {
        let (first, second, third, fourth) = Self.key.bytes
        #expect([first, second, third, fourth] == Self.keyBytes)
        #expect(MaskKey(UInt32(littleEndian: 0x807F_01DE)) == Self.key)
    }
}
