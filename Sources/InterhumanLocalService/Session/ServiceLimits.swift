/// What one session may use. The defaults are those of the real service, as it announced them in June 2026.
public struct ServiceLimits: Sendable, Hashable {
    /// Time without a message of the client after which the service ends a session. Default 300 s.
    public var idleTimeout: Duration
    /// Time after which the service ends any session. Default 3,600 s.
    public var maximumDuration: Duration
    /// Smallest media message in bytes. Default 1.
    public var minimumMessageSize: Int
    /// Largest message in bytes. Default 33,554,432.
    public var maximumMessageSize: Int
    /// How long the service may take to finish its work after `session.close`. Default 30 s.
    public var maximumDrain: Duration
    /// How long the client may take to answer the closing handshake before the socket is cut. Default 5 s.
    public var closeTimeout: Duration
    /// Whether media that can't be read (ih5004, ih5002) end the session; the real service says nothing about it.
    /// Default false: the session waits for a fresh container.
    public var unreadableMediaEndsSession: Bool

    /// Creates limits; see the properties for units and defaults.
    public init(
        idleTimeout: Duration = .seconds(300), maximumDuration: Duration = .seconds(3600),
        minimumMessageSize: Int = 1, maximumMessageSize: Int = 33_554_432, maximumDrain: Duration = .seconds(30),
        closeTimeout: Duration = .seconds(5), unreadableMediaEndsSession: Bool = false
    ) {
        self.idleTimeout = idleTimeout
        self.maximumDuration = maximumDuration
        self.minimumMessageSize = minimumMessageSize
        self.maximumMessageSize = maximumMessageSize
        self.maximumDrain = maximumDrain
        self.closeTimeout = closeTimeout
        self.unreadableMediaEndsSession = unreadableMediaEndsSession
    }
}
