/// Checks UTF-8 that comes in pieces cut anywhere, and fails at the first byte that can't be part of it.
struct UTF8Validator: Sendable {
    /// Continuation bytes that the character in progress still lacks.
    private var missing = 0
    /// What the next continuation byte may be; narrower after E0, ED, F0 and F4 (RFC 3629 section 4).
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    /// Whether no character is incomplete.
    var isAtBoundary: Bool { missing == 0 }

    /// Takes the next bytes; false when one of them is wrong.
    mutating func consume(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var position = 0
        while position < bytes.count {
            if missing == 0 {
                position = Self.skipASCII(bytes, from: position)
                guard position < bytes.count else { return true }
            }
            guard take(bytes[position]) else { return false }
            position &+= 1
        }
        return true
    }

    /// Position of the first byte from `start` on that is not ASCII.
    private static func skipASCII(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var position = start
        let highBits: UInt64 = 0x8080_8080_8080_8080
        while position &+ 32 <= bytes.count {
            let block = bytes.loadUnaligned(fromByteOffset: position, as: SIMD4<UInt64>.self)
            guard block & SIMD4(repeating: highBits) == .zero else { break }
            position &+= 32
        }
        while position &+ 8 <= bytes.count {
            guard bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self) & highBits == 0 else { break }
            position &+= 8
        }
        while position < bytes.count, bytes[position] < 0x80 { position &+= 1 }
        return position
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard missing == 0 else {
            guard byte >= lowest, byte <= highest else { return false }
            (lowest, highest) = (0x80, 0xBF)
            missing -= 1
            return true
        }
        switch byte {
        case 0x00...0x7F: break
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, lowest) = (2, 0xA0)
        case 0xED: (missing, highest) = (2, 0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, lowest) = (3, 0x90)
        case 0xF1...0xF3: missing = 3
        case 0xF4: (missing, highest) = (3, 0x8F)
        default: return false
        }
        return true
    }
}
