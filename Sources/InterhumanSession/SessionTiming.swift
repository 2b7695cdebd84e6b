/// How long a session waits for what.
public struct SessionTiming: Sendable, Hashable {
    /// For the credential provider, and then for the connection to open, of each attempt. Default 30 s.
    public var connectLimit: Duration = .seconds(30)
    /// For `session.ready` after the connection opened; then the session goes on without, because older services
    /// send none. Default 2 s.
    public var readinessGrace: Duration = .seconds(2)
    /// For the network to take one message while the connection is open; then it counts as lost. Default 60 s: dead
    /// peers are found sooner by the transport's own pings, and a slow link must not be cut.
    public var stallLimit: Duration = .seconds(60)
    /// For the network to take a segment while the session finishes; starts anew with every segment. Default 30 s.
    public var flushLimit: Duration = .seconds(30)
    /// For everything that was captured to be sent while the session finishes, however it progresses. Default 120 s.
    public var maximumFlush: Duration = .seconds(120)
    /// For anything at all after `session.close` when the service doesn't say that it drains; starts anew with every
    /// message. Default 12 s, the longest gap between results seen in the field.
    public var quietPeriod: Duration = .seconds(12)
    /// For the whole drain when the service doesn't say how long it takes. Default 60 s.
    public var maximumDrain: Duration = .seconds(60)
    /// Beyond the `max_drain_seconds` that the service announced. Default 5 s.
    public var drainMargin: Duration = .seconds(5)
    /// For the service's word on why it broke off, after sending failed. Default 2 s.
    public var breakGrace: Duration = .seconds(2)

    /// Creates the defaults.
    public init() {}
}
