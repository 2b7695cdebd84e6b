/// What a frame is (RFC 6455 section 5.2).
public enum Opcode: UInt8, Sendable, Hashable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    /// Whether frames of this kind may come between the fragments of a message.
    public var isControl: Bool { rawValue & 0x8 != 0 }
}

/// What a message is.
public enum MessageKind: Sendable, Hashable {
    /// UTF-8 text.
    case text
    /// Bytes.
    case binary

    /// The opcode of a message's first frame.
    public var opcode: Opcode {
        switch self {
        case .text: .text
        case .binary: .binary
        }
    }
}
