/// What a session did, when it is over.
@dynamicMemberLookup
public struct SessionSummary: Sendable {
    /// How it ended.
    public var completion: Completion
    /// The service's name for the last connection, where it gave one.
    public var correlationID: String?
    /// What it did; its figures can be read directly: `summary.bytesSent`.
    public var counts = SessionCounts()
    /// Most segments that ever waited for the network at once.
    public var peakQueuedSegments = 0

    /// Creates an account of a session that did nothing.
    public init(completion: Completion) {
        self.completion = completion
    }

    /// Gives a figure of ``counts``.
    public subscript<Value>(dynamicMember figure: KeyPath<SessionCounts, Value>) -> Value { counts[keyPath: figure] }

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
