public import InterhumanCore

/// A stretch of captured media that the service will never get. Every loss is told by exactly one, so that what was
/// captured is always what was sent, what still waits, and the gaps.
public struct MediaGap: Sendable, Hashable {
    /// The stretch on the capture clock.
    public var timeRange: TimeRange
    /// Where it begins, in seconds since the first media that the session captured.
    public var sessionStart: Double
    /// Where it ends, in seconds since the first media that the session captured.
    public var sessionEnd: Double
    /// The segments that were dropped, in order and whole, so that what follows still decodes; empty for media that
    /// was lost before it became one.
    public var segments: [SegmentSummary]
    /// Why.
    public var cause: Cause

    /// Creates an account of a loss; see the properties for units.
    public init(
        timeRange: TimeRange, sessionStart: Double, sessionEnd: Double, segments: [SegmentSummary] = [], cause: Cause
    ) {
        self.timeRange = timeRange
        self.sessionStart = sessionStart
        self.sessionEnd = sessionEnd
        self.segments = segments
        self.cause = cause
    }

    init(_ timeRange: TimeRange, segments: [SegmentSummary] = [], cause: Cause, epoch: MediaTime) {
        self.timeRange = timeRange
        sessionStart = (timeRange.start - epoch).inSeconds
        sessionEnd = (timeRange.end - epoch).inSeconds
        self.segments = segments
        self.cause = cause
    }

    /// Why media is lost.
    public enum Cause: Sendable, Hashable {
        /// The network was slower than a live source for too long: there was no room for more.
        case outboxFull
        /// It waited for the network for longer than ``OutboxLimits/maximumAge``.
        case outboxTooOld
        /// The message would be larger than the service takes, in bytes.
        case largerThanServiceAllows(maximumBytes: Int)
        /// The service ended the connection because the message was too large, without having told its limit.
        case refusedAsTooLarge
        /// Again and again the connection ended while the segment was being sent.
        case sendingFailedRepeatedly(attempts: Int)
        /// There is nothing in the segment.
        case empty
        /// The encoder failed and lost what it held.
        case encoderFailed
        /// It was being sent when an earlier process ended: nobody knows whether it arrived, and nothing is sent twice.
        case interruptedWhileSending
        /// The session was paused.
        case paused
        /// The session ended before it could be sent, or while it was being sent.
        case sessionEnded
    }
}
