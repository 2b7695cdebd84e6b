import InterhumanCore

/// Makes segments of packets that come in the order of their times.
protocol SegmentWriter: AnyObject {
    /// Ends the segment in progress; the next packet, at `time` (milliseconds), begins another.
    ///
    /// - Parameter video: Given when the picture's shape changes there, so that the container has to begin anew.
    func cut(at time: Int64, continuingWith video: CodecParameters?) throws(EncodeError) -> [MediaSegment]

    /// Adds a packet to the segment in progress.
    func put(_ packet: EncodedPacket) throws(EncodeError) -> [MediaSegment]

    /// Says that no more audio comes, so that nothing need wait for it.
    func endAudio() throws(EncodeError) -> [MediaSegment]

    /// Ends the stream at `end` (milliseconds).
    func finish(end: Int64) throws(EncodeError) -> [MediaSegment]

    /// Bytes that a message has beside the packets and what each of them costs, at most.
    var overhead: Int { get }
}
