public import InterhumanCore

/// A segment without its bytes.
public struct SegmentSummary: Sendable, Hashable {
    /// Running number within the encoder, from 0.
    public var index: Int
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

    init(_ segment: MediaSegment, includesHeader: Bool, epoch: MediaTime) {
        index = segment.index
        byteCount = segment.byteCount(includingHeader: includesHeader)
        timeRange = segment.timeRange
        sessionStart = (segment.timeRange.start - epoch).inSeconds
        sessionEnd = (segment.timeRange.end - epoch).inSeconds
        self.includesHeader = includesHeader
        videoFrameCount = segment.videoFrameCount
        audioSampleCount = segment.audioSampleCount
    }
}

/// Segments that will never be sent: whole ones always, so that what follows still decodes.
public struct DroppedSegments: Sendable, Hashable {
    /// The segments in order.
    public var segments: [SegmentSummary]
    /// Why.
    public var cause: Cause

    /// From the first segment's start to the last one's end.
    public var timeRange: TimeRange? {
        guard let first = segments.first, let last = segments.last else { return nil }
        return TimeRange(start: first.timeRange.start, end: last.timeRange.end)
    }

    /// Why segments are dropped.
    public enum Cause: Sendable, Hashable {
        /// The network was slower than a live source for too long.
        case outboxFull
        /// The message would be larger than the service takes, in bytes.
        case largerThanServiceAllows(maximumBytes: Int)
        /// There is nothing in the segment.
        case empty
        /// The session ended before they could be sent, or while they were being sent.
        case sessionEnded
    }
}

extension MediaSegment {
    /// Bytes of the message that carries the segment.
    func byteCount(includingHeader: Bool) -> Int {
        body.count + (includingHeader ? header.count : 0)
    }
}
