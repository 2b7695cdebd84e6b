/// The four bytes with which a client masks a frame (RFC 6455 section 5.3). Take a fresh unpredictable one a frame.
public struct MaskKey: Sendable, Hashable {
    /// The four bytes in memory order, whatever the machine's byte order.
    let word: UInt32

    /// Creates a key from four random bytes.
    public init(_ random: UInt32) {
        word = random
    }

    /// Creates a key from its bytes in the order of the wire.
    public init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
        let wire = UInt32(first) << 24 | UInt32(second) << 16 | UInt32(third) << 8 | UInt32(fourth)
        word = UInt32(bigEndian: wire)
    }

    /// The bytes in the order of the wire.
    public var bytes: (UInt8, UInt8, UInt8, UInt8) {
        let wire = word.bigEndian
        return (
            UInt8(truncatingIfNeeded: wire >> 24), UInt8(truncatingIfNeeded: wire >> 16),
            UInt8(truncatingIfNeeded: wire >> 8), UInt8(truncatingIfNeeded: wire)
        )
    }

    /// The key that masks from `phase` bytes into the payload on.
    func advanced(by phase: Int) -> MaskKey {
        let shift = UInt32(truncatingIfNeeded: phase & 3) * 8
        guard shift > 0 else { return self }
        // In memory order the first byte is the lowest one of a little-endian word.
        let little = UInt32(littleEndian: word)
        return MaskKey(UInt32(littleEndian: little >> shift | little << (32 - shift)))
    }
}
