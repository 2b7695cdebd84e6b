/// 100 MiB that no two blocks of are the same, and their checksum.
///
/// Every byte has its highest bit set: `openssl s_server` takes a letter at the beginning of what it sends for a command.
enum Payload {
    static let blockSize = 65_536
    static let blockCount = 1600
    static let byteCount = blockSize * blockCount

    /// The block at a position. Most of it is the same in all blocks, because making it costs more than sending it.
    static func block(_ index: Int) -> [UInt8] {
        var block = noise
        for digit in 0..<4 { block[digit] = 0x80 | UInt8(index >> (7 * digit) & 0x7F) }
        return block
    }

    static let sha256: String = {
        let sum = SHA256()
        for index in 0..<blockCount { block(index).withUnsafeBytes { sum.update($0) } }
        return sum.finish()
    }()

    private static let noise: [UInt8] = {
        var state: UInt32 = 2_463_534_242
        return (0..<blockSize).map { _ in
            state ^= state << 13
            state ^= state >> 17
            state ^= state << 5
            return UInt8(truncatingIfNeeded: state) | 0x80
        }
    }()
}
