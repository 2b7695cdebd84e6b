/// The running number that ``TestPatternVideoSource`` paints into each picture for machines: a row of 32 blocks along
/// the lower edge, white for 1 and black for 0, highest bit first. The first 24 are the number, the last 8 a CRC of
/// it, so that a picture without a counter, or with a damaged one, reads as nothing rather than as a wrong number.
///
/// Block `i` of a picture covers the columns from `i * width / 32` to `(i + 1) * width / 32` of the lowest
/// twentieth of the rows. Blocks are read by the mean of their inner half, so that scaling and lossy coding do no harm.
public enum FrameCounter {
    /// Numbers run from 0 to one less than this, then start again.
    public static let modulus = 1 << 24

    /// Number of blocks.
    public static let blockCount = 32

    /// Rows at the lower edge that the blocks cover, for a picture of this height in pixels.
    public static func rows(inHeight height: Int) -> Range<Int> {
        max(0, height - max(2, height / 20))..<max(0, height)
    }

    /// Reads the number from a plane of 8-bit luminance; nil when there is none.
    ///
    /// - Parameters:
    ///   - luminance: The plane.
    ///   - width: Width of the picture in pixels.
    ///   - height: Height of the picture in pixels.
    public static func read(luminance: VideoPlane, width: Int, height: Int) -> Int? {
        read(luminance: luminance.bytes, bytesPerRow: luminance.bytesPerRow, width: width, height: height)
    }

    /// Reads the number from 8-bit luminance; nil when there is none.
    ///
    /// - Parameters:
    ///   - luminance: The rows.
    ///   - bytesPerRow: Bytes from one row to the next.
    ///   - width: Width of the picture in pixels.
    ///   - height: Height of the picture in pixels.
    public static func read(
        luminance: UnsafeRawBufferPointer, bytesPerRow: Int, width: Int, height: Int
    ) -> Int? {
        guard width >= blockCount, height > 0, bytesPerRow >= width,
            luminance.count >= bytesPerRow * (height - 1) + width
        else { return nil }
        let rows = inner(rows(inHeight: height))
        var word: UInt32 = 0
        for block in 0..<blockCount {
            let columns = inner((block * width / blockCount)..<((block + 1) * width / blockCount))
            var sum = 0
            for row in rows {
                for column in columns { sum += Int(luminance[row * bytesPerRow + column]) }
            }
            let isWhite = sum >= 128 * rows.count * columns.count
            word = word << 1 | (isWhite ? 1 : 0)
        }
        let number = word >> 8
        return word & 0xFF == UInt32(checksum(of: number)) ? Int(number) : nil
    }

    /// The row of blocks for a number, highest bit first; true is white.
    static func blocks(for number: Int) -> [Bool] {
        let value = UInt32(truncatingIfNeeded: number % modulus)
        let word = value << 8 | UInt32(checksum(of: value))
        return (0..<blockCount).map { word >> (31 - $0) & 1 == 1 }
    }

    /// CRC-8 with the polynomial 0x07; it begins at 0xFF so that an all-black row is no number.
    private static func checksum(of number: UInt32) -> UInt8 {
        var crc: UInt8 = 0xFF
        for shift in [16, 8, 0] {
            crc ^= UInt8(truncatingIfNeeded: number >> UInt32(shift))
            for _ in 0..<8 { crc = crc & 0x80 == 0 ? crc << 1 : crc << 1 ^ 0x07 }
        }
        return crc
    }

    /// The middle half of a range, at least one element.
    private static func inner(_ range: Range<Int>) -> Range<Int> {
        let margin = (range.count - 1) / 4
        return (range.lowerBound + margin)..<(range.upperBound - margin)
    }
}
