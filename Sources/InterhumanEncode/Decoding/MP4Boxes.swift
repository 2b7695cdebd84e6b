/// The top-level boxes of an MP4 file (ISO/IEC 14496-12, section 4.2), as far as reading one from memory needs them.
enum MP4Boxes {
    /// Whether `bytes` are a complete file whose index (`moov`) lies behind its media (`mdat`), as most writers of
    /// files leave it. Such a file can't be read as a stream.
    static func hasIndexBehindMedia(_ bytes: [UInt8]) -> Bool {
        var offset = 0
        var hasMedia = false
        while let (type, size) = box(in: bytes, at: offset) {
            if type == moov { return hasMedia }
            if type == moof { return false }
            hasMedia = hasMedia || type == mdat
            guard size <= bytes.count - offset else { return false }
            offset += size
        }
        return false
    }

    /// Length of what comes before the first fragment (`moof`): `ftyp` and `moov`.
    static func headerLength(_ bytes: [UInt8]) -> Int {
        var offset = 0
        while let (type, size) = box(in: bytes, at: offset), type != moof, size <= bytes.count - offset {
            offset += size
        }
        return offset
    }

    private static let moov: UInt32 = 0x6D6F_6F76
    private static let moof: UInt32 = 0x6D6F_6F66
    private static let mdat: UInt32 = 0x6D64_6174

    /// Type and size of the box at `offset`; nil when there is none, or one whose size makes no sense.
    private static func box(in bytes: [UInt8], at offset: Int) -> (type: UInt32, size: Int)? {
        guard bytes.count - offset >= 8 else { return nil }
        let shortSize = Int(number(bytes[offset..<offset + 4]))
        let type = UInt32(truncatingIfNeeded: number(bytes[offset + 4..<offset + 8]))
        guard shortSize == 1 else { return shortSize >= 8 ? (type, shortSize) : nil }
        guard bytes.count - offset >= 16 else { return nil }
        let longSize = number(bytes[offset + 8..<offset + 16])
        return longSize >= 16 && longSize <= UInt64(Int.max) ? (type, Int(longSize)) : nil
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
