/// Reads frame headers out of a byte stream that may be cut anywhere, and fails at the first byte that breaks a rule.
struct FrameHeaderParser: Sendable {
    /// Whether frames must be masked (they come from a client) or must not be.
    let expectsMask: Bool
    /// Whether RSV1 may be set.
    let allowsCompression: Bool

    private var flags: UInt8 = 0
    private var length: UInt64 = 0
    private var mask: UInt32 = 0
    private var state = State.flags

    private enum State {
        case flags
        case length
        case extendedLength(bytesLeft: Int, size: Int)
        case mask(bytesLeft: Int)
    }

    init(expectsMask: Bool, allowsCompression: Bool) {
        self.expectsMask = expectsMask
        self.allowsCompression = allowsCompression
    }

    /// Takes bytes off the front of `input` until a header is complete; nil when `input` ran out before.
    mutating func consume(_ input: inout UnsafeRawBufferPointer) throws(ProtocolViolation) -> FrameHeader? {
        var position = 0
        while position < input.count {
            let byte = input[position]
            position += 1
            guard try take(byte) else { continue }
            input = UnsafeRawBufferPointer(rebasing: input[position...])
            return try finish()
        }
        input = UnsafeRawBufferPointer(start: nil, count: 0)
        return nil
    }

    /// Takes one byte; true when it was the header's last.
    private mutating func take(_ byte: UInt8) throws(ProtocolViolation) -> Bool {
        switch state {
        case .flags:
            try check(flags: byte)
            flags = byte
            state = .length
            return false
        case .length:
            try check(length: byte)
            return advance(pastLength: byte & 0x7F)
        case .extendedLength(let bytesLeft, let size):
            length = length << 8 | UInt64(byte)
            if bytesLeft == size, size == 8, byte & 0x80 != 0 { throw .lengthHighBitSet }
            guard bytesLeft == 1 else {
                state = .extendedLength(bytesLeft: bytesLeft - 1, size: size)
                return false
            }
            guard length > (size == 2 ? 125 : 0xFFFF) else { throw .lengthNotMinimal }
            return advancePastExtendedLength()
        case .mask(let bytesLeft):
            mask = mask << 8 | UInt32(byte)
            state = .mask(bytesLeft: bytesLeft - 1)
            return bytesLeft == 1
        }
    }

    private mutating func advance(pastLength value: UInt8) -> Bool {
        switch value {
        case 126:
            state = .extendedLength(bytesLeft: 2, size: 2)
            return false
        case 127:
            state = .extendedLength(bytesLeft: 8, size: 8)
            return false
        default:
            length = UInt64(value)
            return advancePastExtendedLength()
        }
    }

    private mutating func advancePastExtendedLength() -> Bool {
        state = .mask(bytesLeft: 4)
        return !expectsMask
    }

    private func check(flags byte: UInt8) throws(ProtocolViolation) {
        guard byte & 0x30 == 0, byte & 0x40 == 0 || allowsCompression else { throw .reservedBitSet }
        guard let opcode = Opcode(rawValue: byte & 0x0F) else { throw .reservedOpcode }
        if opcode.isControl {
            guard byte & 0x40 == 0 else { throw .compressedControlFrame }
            guard byte & 0x80 != 0 else { throw .controlFragmented }
        } else if opcode == .continuation {
            guard byte & 0x40 == 0 else { throw .compressedContinuation }
        }
    }

    private func check(length byte: UInt8) throws(ProtocolViolation) {
        guard byte & 0x80 != 0 || !expectsMask else { throw .maskMissing }
        guard byte & 0x80 == 0 || expectsMask else { throw .maskUnexpected }
        if flags & 0x08 != 0, byte & 0x7F > ControlPayload.maximumCount { throw .controlTooLong }
    }

    /// Gives the header and makes ready for the next.
    private mutating func finish() throws(ProtocolViolation) -> FrameHeader {
        guard let opcode = Opcode(rawValue: flags & 0x0F) else { throw .reservedOpcode }
        guard let payloadLength = Int(exactly: length) else { throw .lengthHighBitSet }
        let header = FrameHeader(
            opcode: opcode, isFinal: flags & 0x80 != 0, isCompressed: flags & 0x40 != 0,
            payloadLength: payloadLength, maskKey: expectsMask ? MaskKey(UInt32(bigEndian: mask)) : nil)
        length = 0
        state = .flags
        return header
    }
}
