/// How a connection ended and what it carried.
public struct ConnectionEnding: Sendable {
    /// The close code (RFC 6455 section 7.4); 1005 when the close frame had none, 1006 when there was no close frame.
    public var closeCode: UInt16
    /// The close frame's reason.
    public var reason: String
    /// Who began the closing handshake; nil when the connection broke.
    public var initiator: Initiator?
    /// What broke the connection, when something did.
    public var error: ConnectionError?
    /// What the service reported last in an `error` envelope, also where it did not end the connection.
    public var lastServiceError: ServiceError?
    /// What it carried.
    public var traffic: ConnectionTraffic

    /// A side of the connection.
    public enum Initiator: Sendable, Hashable {
        /// This program.
        case local
        /// The service.
        case remote
    }

    /// Creates an account of an ending.
    public init(
        closeCode: UInt16, reason: String = "", initiator: Initiator? = nil, error: ConnectionError? = nil,
        lastServiceError: ServiceError? = nil, traffic: ConnectionTraffic = ConnectionTraffic()
    ) {
        self.closeCode = closeCode
        self.reason = reason
        self.initiator = initiator
        self.error = error
        self.lastServiceError = lastServiceError
        self.traffic = traffic
    }
}

/// What a connection carried.
public struct ConnectionTraffic: Sendable, Hashable {
    /// Payload bytes of the messages sent.
    public var bytesSent = 0
    /// Payload bytes of the messages received.
    public var bytesReceived = 0
    /// Messages sent.
    public var messagesSent = 0
    /// Messages received.
    public var messagesReceived = 0
    /// Payload bytes of the largest data frame received.
    public var largestFrameReceived = 0
    /// From open to end.
    public var lifetime = Duration.zero

    /// Creates an account of nothing.
    public init() {}
}
