import InterhumanCore

/// Makes segments of one WebM stream, for the framings `continuous` and `prefixed`.
///
/// The Matroska muxer keeps one audio packet back, so the last audio packet before a cut lies in the next segment's
/// first cluster (PITFALLS F5).
final class ContinuousWriter: SegmentWriter {
    private let output: WebMOutput
    private let isPrefixed: Bool
    private let epoch: MediaTime
    private var index = 0
    private var start: Int64?
    private var videoFrameCount = 0
    private var audioSampleCount = 0
    /// Samples of the audio packet that the Matroska muxer keeps back.
    private var keptBackSampleCount = 0

    /// Writes the header for the given encoders.
    init(video: CodecContext?, audio: CodecContext?, epoch: MediaTime, isPrefixed: Bool) throws(EncodeError) {
        output = try WebMOutput(video: video, audio: audio, isLive: true)
        self.epoch = epoch
        self.isPrefixed = isPrefixed
    }

    func cut(at time: Int64) throws(EncodeError) -> [MediaSegment] {
        guard let start else { return [] }
        let segment = makeSegment(body: try output.flush(), start: start, end: time)
        self.start = time
        return [segment]
    }

    func put(_ packet: EncodedPacket) throws(EncodeError) -> [MediaSegment] {
        start = start ?? packet.time
        try output.write(packet.packet, track: packet.track, time: packet.time, duration: packet.duration)
        if packet.track == .video { videoFrameCount += 1 }
        // Whichever packet comes, the audio packet kept back before it is written now.
        audioSampleCount += keptBackSampleCount
        keptBackSampleCount = packet.sampleCount
        return []
    }

    func finish(end: Int64) throws(EncodeError) -> [MediaSegment] {
        let body = try output.finish()
        audioSampleCount += keptBackSampleCount
        keptBackSampleCount = 0
        guard let start, !body.isEmpty else { return [] }
        return [makeSegment(body: body, start: start, end: max(end, start))]
    }

    private func makeSegment(body: [UInt8], start: Int64, end: Int64) -> MediaSegment {
        defer {
            index += 1
            videoFrameCount = 0
            audioSampleCount = 0
        }
        return MediaSegment(
            index: index, header: isPrefixed ? [] : output.header, body: isPrefixed ? output.header + body : body,
            timeRange: TimeRange(start: epoch + .milliseconds(start), end: epoch + .milliseconds(end)),
            mediaStart: Double(start) / 1000, mediaEnd: Double(end) / 1000, videoFrameCount: videoFrameCount,
            audioSampleCount: audioSampleCount)
    }
}
