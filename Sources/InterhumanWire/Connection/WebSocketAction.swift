/// What a ``WebSocketMachine`` asks of its owner.
public enum WebSocketAction: Sendable, Hashable {
    /// A whole text message came.
    case text(String)
    /// A whole binary message came.
    case binary([UInt8])
    /// A ping came; the pong waits in the output.
    case ping(ControlPayload)
    /// A pong came.
    case pong(ControlPayload)
    /// The peer's close frame came, with its code (1005 when it had none) and reason. The reply, where one is due,
    /// waits in the output.
    case closeReceived(WebSocketCloseCode, reason: String)
    /// The connection is failed (RFC 6455 section 7.1.7). The close frame, where one can be sent, waits in the output.
    case failed(WireError)
    /// The machine is done: write the output, then end the transport.
    case endTransport(TransportEnding)
}

/// How to end the transport once the output is written (RFC 6455 section 7.1.1).
public enum TransportEnding: Sendable, Hashable {
    /// Half-close now, read and discard until the peer closes too or a deadline passes, then close. Discarding keeps
    /// the kernel from answering with a reset that would take our close frame with it.
    case close
    /// Wait for the peer to close, with a deadline; then close. What a client does.
    case awaitPeer
}

/// How a WebSocket ended.
public struct WebSocketEnding: Sendable, Hashable {
    /// A side of the connection.
    public enum Initiator: Sendable, Hashable {
        /// This side.
        case local
        /// The peer.
        case remote
    }

    /// The close code: the peer's, or the one that we failed the connection with; 1005 when the peer's close frame had
    /// none, 1006 when there was no close frame.
    public var closeCode: WebSocketCloseCode
    /// The reason beside it.
    public var reason: String
    /// Whose close frame came first; nil when the transport broke.
    public var initiator: Initiator?

    /// Creates an account of an ending.
    public init(closeCode: WebSocketCloseCode, reason: String = "", initiator: Initiator?) {
        self.closeCode = closeCode
        self.reason = reason
        self.initiator = initiator
    }
}
