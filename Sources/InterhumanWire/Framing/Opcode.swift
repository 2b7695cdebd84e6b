/// What a frame is (RFC 6455 section 5.2).
public enum Opcode: UInt8, Sendable, Hashable {
    /// Goes on with a message.
    case continuation = 0x0
    /// Begins a text message.
    case text = 0x1
    /// Begins a binary message.
    case binary = 0x2
    /// Begins or answers the closing handshake.
    case close = 0x8
    /// Asks for a pong.
    case ping = 0x9
    /// Answers a ping, or comes by itself.
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
