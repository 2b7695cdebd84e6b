public import InterhumanCore

/// A segment without its bytes.
public struct SegmentSummary: Sendable, Hashable {
    /// Running number within the session, from 0.
    public var number: Int
    /// The number of the connection that took it, from 1; nil when none did.
    public var connection: Int?
    /// Bytes on the wire, the header included where it went along.
    public var byteCount: Int
    /// What it covers on the capture clock.
    public var timeRange: TimeRange
    /// Where it begins, in seconds since the first media that the session captured.
    public var sessionStart: Double
    /// Where it ends, in seconds since the first media that the session captured.
    public var sessionEnd: Double
    /// Whether the container's header went before it.
    public var includesHeader: Bool
    /// Number of video frames in it.
    public var videoFrameCount: Int
    /// Number of audio sample frames in it, at the encoder's rate.
    public var audioSampleCount: Int

    /// Creates an account of a segment; see the properties for units.
    public init(
        number: Int, connection: Int? = nil, byteCount: Int, timeRange: TimeRange, sessionStart: Double,
        sessionEnd: Double, includesHeader: Bool = false, videoFrameCount: Int = 0, audioSampleCount: Int = 0
    ) {
        self.number = number
        self.connection = connection
        self.byteCount = byteCount
        self.timeRange = timeRange
        self.sessionStart = sessionStart
        self.sessionEnd = sessionEnd
        self.includesHeader = includesHeader
        self.videoFrameCount = videoFrameCount
        self.audioSampleCount = audioSampleCount
    }

    init(_ entry: Outbox.Entry, connection: Int? = nil, includesHeader: Bool = false, epoch: MediaTime) {
        number = entry.number
        self.connection = connection
        let segment = entry.segment
        byteCount = segment.byteCount(includingHeader: includesHeader)
        timeRange = segment.timeRange
        sessionStart = (segment.timeRange.start - epoch).inSeconds
        sessionEnd = (segment.timeRange.end - epoch).inSeconds
        self.includesHeader = includesHeader
        videoFrameCount = segment.videoFrameCount
        audioSampleCount = segment.audioSampleCount
    }
}

extension MediaSegment {
    /// Bytes of the message that carries the segment.
    func byteCount(includingHeader: Bool) -> Int {
        body.count + (includingHeader ? header.count : 0)
    }
}
