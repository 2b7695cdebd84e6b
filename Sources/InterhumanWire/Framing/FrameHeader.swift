/// Everything of a frame but its payload (RFC 6455 section 5.2).
public struct FrameHeader: Sendable, Hashable {
    /// Whether the frame ends its message.
    public var isFinal: Bool
    /// RSV1: the message is compressed (RFC 7692 section 6).
    public var isCompressed: Bool
    /// What the frame is.
    public var opcode: Opcode
    /// Bytes of payload.
    public var payloadLength: Int
    /// The key with which the payload is masked: frames of clients have one, frames of servers none.
    public var maskKey: MaskKey?

    /// Largest encoded size, in bytes.
    public static let maximumEncodedSize = 14

    /// Creates a header; `payloadLength` is in bytes.
    public init(
        opcode: Opcode, isFinal: Bool = true, isCompressed: Bool = false, payloadLength: Int, maskKey: MaskKey? = nil
    ) {
        self.isFinal = isFinal
        self.isCompressed = isCompressed
        self.opcode = opcode
        self.payloadLength = payloadLength
        self.maskKey = maskKey
    }

    /// Bytes that a header takes on the wire.
    public static func encodedSize(payloadLength: Int, isMasked: Bool) -> Int {
        let lengthBytes = payloadLength <= 125 ? 0 : payloadLength <= 0xFFFF ? 2 : 8
        return 2 + lengthBytes + (isMasked ? 4 : 0)
    }

    /// Writes the header to memory of at least ``encodedSize(payloadLength:isMasked:)`` bytes and returns how many it
    /// wrote.
    func write(to destination: UnsafeMutableRawPointer) -> Int {
        let flags: UInt8 = (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0)
        let maskBit: UInt8 = maskKey == nil ? 0 : 0x80
        var size = 2
        destination.storeBytes(of: flags | opcode.rawValue, as: UInt8.self)
        switch payloadLength {
        case ...125:
            destination.storeBytes(of: maskBit | UInt8(payloadLength), toByteOffset: 1, as: UInt8.self)
        case ...0xFFFF:
            destination.storeBytes(of: maskBit | 126, toByteOffset: 1, as: UInt8.self)
            destination.storeBytes(of: UInt16(payloadLength).bigEndian, toByteOffset: 2, as: UInt16.self)
            size = 4
        default:
            destination.storeBytes(of: maskBit | 127, toByteOffset: 1, as: UInt8.self)
            destination.storeBytes(of: UInt64(payloadLength).bigEndian, toByteOffset: 2, as: UInt64.self)
            size = 10
        }
        guard let maskKey else { return size }
        destination.storeBytes(of: maskKey.word, toByteOffset: size, as: UInt32.self)
        return size + 4
    }
}
