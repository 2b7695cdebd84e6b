/// A keyframe-led piece of the encoded stream: what one binary message carries.
public struct MediaSegment: Sendable, Hashable {
    /// Running number within the encoder, from 0.
    public var index: Int
    /// The container's initialisation bytes (EBML header to Tracks, or ftyp and moov). The first media message of a
    /// connection begins with them. Empty where every segment is a complete file.
    public var header: [UInt8]
    /// The segment itself without the header: whole clusters or fragments, the first led by a video keyframe.
    public var body: [UInt8]
    /// What the segment covers on the capture clock.
    public var timeRange: TimeRange
    /// Where the segment begins on the container's timeline, in seconds from the stream's start.
    public var mediaStart: Double
    /// Where the segment ends on the container's timeline, in seconds from the stream's start.
    public var mediaEnd: Double
    /// Number of video frames in it.
    public var videoFrameCount: Int
    /// Number of audio sample frames in it, at the encoder's rate.
    public var audioSampleCount: Int
    /// Whether the container begins anew with this segment: the first of a stream, and the first after a change of the
    /// picture's size. From here on `header` is another one: a connection that has not carried it needs it first.
    public var beginsStream: Bool
    /// What making it took, where the encoder says.
    public var statistics: SegmentStatistics?

    /// Creates a segment. See the properties for units.
    public init(
        index: Int, header: [UInt8], body: [UInt8], timeRange: TimeRange, mediaStart: Double, mediaEnd: Double,
        videoFrameCount: Int, audioSampleCount: Int, beginsStream: Bool = false, statistics: SegmentStatistics? = nil
    ) {
        self.index = index
        self.header = header
        self.body = body
        self.timeRange = timeRange
        self.mediaStart = mediaStart
        self.mediaEnd = mediaEnd
        self.videoFrameCount = videoFrameCount
        self.audioSampleCount = audioSampleCount
        self.beginsStream = beginsStream
        self.statistics = statistics
    }

    /// Bytes on the wire without the header.
    public var byteCount: Int { body.count }
}
