import InterhumanCore

/// What can happen to a session.
enum SessionInput: Sendable {
    case start
    /// It can't be started as it is.
    case unusable(SessionError)
    case finish
    case cancel
    case pause
    case resume
    /// A connection may take media.
    case linkOpened(Int, LinkTerms)
    /// The service said what it allows a connection after that had opened.
    case linkTerms(Int, LinkTerms)
    case linkEnded(Int, LinkEnding)
    case captureStarted
    case captureFailed(CaptureError)
    case segmentSent
    /// A segment waits and no connection takes it.
    case segmentWaiting
    /// The first segment belongs to another session than what the connection has carried: it needs a new one.
    case linkUnsuitable
    /// There is no room for what was captured, and the policy is to fail.
    case outboxOverflowed
    /// Everything captured was encoded.
    case mediaEnded
    /// The sources or the encoder failed; what was encoded before will still be sent.
    case mediaFailed(SessionError.Cause)
    /// Everything encoded was sent.
    case mediaSent
    /// The time that the machine asked for has come.
    case deadline
    case released
}

/// What the service allows a connection.
struct LinkTerms: Sendable, Hashable {
    /// When the connection opened.
    var since: MediaTime
    /// When the service ends it, counted from then.
    var maximumDuration: Duration?
    /// How long the service waits for media.
    var idleTimeout: Duration?

    init(since: MediaTime, _ ready: SessionReady? = nil) {
        self.since = since
        maximumDuration = Self.duration(ready?.sessionMaxDurationSeconds)
        idleTimeout = Self.duration(ready?.sessionIdleTimeoutSeconds)
    }

    /// A service may say anything; a year is more than any session.
    private static func duration(_ seconds: Double?) -> Duration? {
        guard let seconds, seconds.isFinite, seconds > 0 else { return nil }
        return .seconds(min(seconds, 31_536_000))
    }
}
