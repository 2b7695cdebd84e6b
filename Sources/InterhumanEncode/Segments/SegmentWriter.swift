import InterhumanCore

/// Makes segments of packets that come in the order of their times.
protocol SegmentWriter: AnyObject {
    /// Ends the segment in progress; the next packet, at `time` (milliseconds), begins another.
    func cut(at time: Int64) throws(EncodeError) -> [MediaSegment]

    /// Adds a packet to the segment in progress.
    func put(_ packet: EncodedPacket) throws(EncodeError) -> [MediaSegment]

    /// Ends the stream at `end` (milliseconds).
    func finish(end: Int64) throws(EncodeError) -> [MediaSegment]
}
