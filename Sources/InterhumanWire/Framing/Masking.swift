/// Masks and unmasks payloads (RFC 6455 section 5.3): the two are the same operation.
public enum Masking {
    private typealias Block = SIMD8<UInt64>

    /// Masks bytes where they lie.
    ///
    /// - Parameters:
    ///   - key: The frame's key.
    ///   - phase: How many bytes of the frame's payload came before these.
    ///   - bytes: The bytes.
    public static func apply(_ key: MaskKey, phase: Int, to bytes: UnsafeMutableRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        copy(from: UnsafeRawPointer(base), to: base, count: bytes.count, key: key, phase: phase)
    }

    /// Masks bytes while it copies them: one pass.
    ///
    /// - Parameters:
    ///   - source: The bytes.
    ///   - destination: Where they go; at least as large as `source`, and either apart from it or the same memory.
    ///   - key: The frame's key.
    ///   - phase: How many bytes of the frame's payload came before these.
    public static func copy(
        from source: UnsafeRawBufferPointer, to destination: UnsafeMutableRawBufferPointer, key: MaskKey, phase: Int
    ) {
        let count = min(source.count, destination.count)
        guard let from = source.baseAddress, let to = destination.baseAddress else { return }
        copy(from: from, to: to, count: count, key: key, phase: phase)
    }

    private static func copy(
        from source: UnsafeRawPointer, to destination: UnsafeMutableRawPointer, count: Int, key: MaskKey, phase: Int
    ) {
        let turned = key.advanced(by: phase)
        let word = UInt64(turned.word) << 32 | UInt64(turned.word)
        let pattern = Block(repeating: word)
        var offset = 0
        while offset &+ 64 <= count {
            let block = source.loadUnaligned(fromByteOffset: offset, as: Block.self)
            destination.storeBytes(of: block ^ pattern, toByteOffset: offset, as: Block.self)
            offset &+= 64
        }
        while offset &+ 8 <= count {
            let value = source.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            destination.storeBytes(of: value ^ word, toByteOffset: offset, as: UInt64.self)
            offset &+= 8
        }
        let (first, second, third, fourth) = turned.bytes
        let key = (first, second, third, fourth)
        while offset < count {
            let mask =
                switch offset & 3 {
                case 0: key.0
                case 1: key.1
                case 2: key.2
                default: key.3
                }
            let byte = source.load(fromByteOffset: offset, as: UInt8.self)
            destination.storeBytes(of: byte ^ mask, toByteOffset: offset, as: UInt8.self)
            offset &+= 1
        }
    }
}
