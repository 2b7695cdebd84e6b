public import InterhumanCore

/// What a session has done and how it is, at one instant. The figures of ``SessionCounts`` can be read directly:
/// `statistics.bytesSent`.
@dynamicMemberLookup
public struct SessionStatistics: Sendable, Hashable {
    /// When the snapshot was taken, on the session's clock.
    public var time: MediaTime
    /// What was done so far.
    public var counts = SessionCounts()
    /// Whether a connection takes media.
    public var isConnected = false
    /// Segments that wait, the one being sent included.
    public var segmentsWaiting = 0
    /// Bytes of those.
    public var bytesWaiting = 0
    /// How long the oldest of them has waited; zero when none waits.
    public var queueAge = Duration.zero
    /// Bytes a second while the last segment was being sent; nil before the first.
    public var sendRate: Double?
    /// How long the service took to answer the last ping, the bytes before it in the socket included; nil where nobody
    /// measures it.
    public var roundTrip: Duration?
    /// Video frames a second that the source gave while the last segment was made; nil before.
    public var capturedFrameRate: Double?
    /// Video frames a second in the last segment; nil before the first.
    public var frameRate: Double?
    /// Time that the encoder took for the last segment, where it says.
    public var encodingTime: Duration?
    /// How much slower the microphone's clock runs than the machine's, in parts per million; nil where nobody measures
    /// it.
    public var audioDrift: Double?
    /// How far the encoder's output was stepped down; 0 for not at all. See ``AdaptationPolicy``.
    public var adaptationLevel = 0

    init(time: MediaTime) {
        self.time = time
    }

    /// Gives a figure of ``counts``.
    public subscript<Value>(dynamicMember figure: KeyPath<SessionCounts, Value>) -> Value { counts[keyPath: figure] }
}
