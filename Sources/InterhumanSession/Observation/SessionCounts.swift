import InterhumanCore

/// What a session has done so far. Every figure only grows. ``SessionStatistics`` and ``SessionSummary`` have it.
public struct SessionCounts: Sendable, Hashable {
    /// Connections opened.
    public var connections = 0
    /// Outages that were overcome.
    public var reconnections = 0
    /// Connections that were replaced before the service ended them.
    public var rollovers = 0

    /// Segments handed to the network.
    public var segmentsSent = 0
    /// Bytes of those, headers included.
    public var bytesSent = 0
    /// Media in those.
    public var timeSent = Duration.zero
    /// Segments that were not sent.
    public var segmentsDropped = 0
    /// Stretches of media that were lost; see ``MediaGap``.
    public var gaps = 0
    /// Media in those.
    public var timeLost = Duration.zero
    /// Segments taken over from an earlier process.
    public var segmentsRecovered = 0
    /// Media that stays in the spool for the next session.
    public var timeKept = Duration.zero

    /// Messages received.
    public var messagesReceived = 0
    /// Bytes of those.
    public var bytesReceived = 0
    /// Error messages among them.
    public var serviceErrors = 0

    /// Video frames taken from the source.
    public var framesCaptured = 0
    /// Video frames that the source lost before they could be taken, where it tells.
    public var framesDropped = 0
    /// Video frames that were encoded.
    public var framesEncoded = 0
    /// How often a source was lost; see ``SessionEvent/Kind/sourceLost(_:reason:)``.
    public var sourceInterruptions = 0

    /// Media in what was sent, in seconds.
    public var secondsSent: Double { timeSent.inSeconds }

    /// Creates an account of nothing.
    public init() {}
}
