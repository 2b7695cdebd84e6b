/// How a dead peer is noticed on an open connection.
public struct KeepAlive: Sendable, Hashable {
    /// Time between pings.
    public var interval: Duration
    /// How long after a ping was written to the socket the peer may stay silent. Any byte from it counts as life, and
    /// so does its kernel's acknowledging of bytes of ours.
    public var timeout: Duration

    /// Creates settings; the default pings every 20 s and waits 20 s.
    public init(interval: Duration = .seconds(20), timeout: Duration = .seconds(20)) {
        self.interval = interval
        self.timeout = timeout
    }
}
