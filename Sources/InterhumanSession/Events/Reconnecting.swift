/// A connection was lost or can't be made; capture goes on.
public struct Reconnecting: Sendable {
    /// Which attempt comes next, counted from 1 since media flowed last.
    public var attempt: Int
    /// How long until then.
    public var delay: Duration
    /// Why.
    public var cause: SessionError

    /// Creates an account.
    public init(attempt: Int, delay: Duration, cause: SessionError) {
        self.attempt = attempt
        self.delay = delay
        self.cause = cause
    }
}

/// Media flows again after an outage.
public struct Reconnected: Sendable, Hashable {
    /// Attempts that it took.
    public var attempts: Int
    /// How long no connection took media.
    public var outage: Duration

    /// Creates an account.
    public init(attempts: Int, outage: Duration) {
        self.attempts = attempts
        self.outage = outage
    }
}
