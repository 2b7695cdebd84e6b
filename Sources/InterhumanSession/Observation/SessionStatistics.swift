public import InterhumanCore

/// What a session has done and how it is, at one instant. Counters only grow.
public struct SessionStatistics: Sendable, Hashable {
    /// When the snapshot was taken, on the session's clock.
    public var time: MediaTime
    /// Whether a connection takes media.
    public var isConnected = false
    /// Connections opened.
    public var connections = 0
    /// Outages that were overcome.
    public var reconnections = 0
    /// Segments that the network has taken.
    public var segmentsSent = 0
    /// Bytes of those.
    public var bytesSent = 0
    /// Media in those.
    public var timeSent = Duration.zero
    /// Media lost.
    public var timeLost = Duration.zero
    /// Segments that wait, the one being sent included.
    public var segmentsWaiting = 0
    /// Bytes of those.
    public var bytesWaiting = 0
    /// How long the oldest of them has waited; zero when none waits.
    public var queueAge = Duration.zero
    /// Bytes a second while the last segment was being sent; nil before the first.
    public var sendRate: Double?
    /// Messages of the service.
    public var messagesReceived = 0
    /// Video frames that were encoded.
    public var framesEncoded = 0
    /// Video frames a second in the last segment; nil before the first.
    public var frameRate: Double?
    /// Time that the encoder took for the last segment, where it says.
    public var encodingTime: Duration?
    /// How far the encoder's output was stepped down; 0 for not at all. See ``AdaptationPolicy``.
    public var adaptationLevel = 0

    init(time: MediaTime) {
        self.time = time
    }
}
