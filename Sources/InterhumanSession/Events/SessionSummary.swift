import InterhumanCore

/// What a session did, when it is over.
public struct SessionSummary: Sendable {
    /// How it ended.
    public var completion: Completion
    /// The service's name for the last connection, where it gave one.
    public var correlationID: String?
    /// Connections opened.
    public var connections = 0
    /// Outages that were overcome.
    public var reconnections = 0
    /// Segments handed to the network.
    public var segmentsSent = 0
    /// Bytes of those, headers included.
    public var bytesSent = 0
    /// Media in those.
    public var timeSent = Duration.zero
    /// Media lost; see ``MediaGap``.
    public var timeLost = Duration.zero
    /// Media that stays in the spool for the next session.
    public var timeKept = Duration.zero
    /// Segments taken over from an earlier process.
    public var segmentsRecovered = 0
    /// Segments that were not sent.
    public var segmentsDropped = 0
    /// Most segments that ever waited for the network at once.
    public var peakQueuedSegments = 0
    /// Messages received.
    public var messagesReceived = 0

    /// Media in what was sent, in seconds.
    public var secondsSent: Double { timeSent.inSeconds }

    /// Creates an account of a session that did nothing.
    public init(completion: Completion) {
        self.completion = completion
    }

    /// How a session ended.
    public enum Completion: Sendable {
        /// The service confirmed that it finished everything (`session.ended`), for this reason.
        case sessionEnded(reason: String)
        /// After `session.close` the service closed the connection without a word.
        case closedByService
        /// After `session.close` the service fell silent, as older ones do that don't know it.
        case quiet
        /// The service did not finish in the time allowed.
        case timedOut
        /// Everything was sent, then the connection was lost for this reason before the service had finished: results
        /// of the last seconds may be missing. The session did what it could, so nothing is thrown.
        case drainInterrupted(SessionError)
        /// `cancel()`, or the reader's task was cancelled, or `finish()` before anything was sent.
        case cancelled
        /// It failed; the same error is thrown to the reader.
        case failed(SessionError)
    }
}
