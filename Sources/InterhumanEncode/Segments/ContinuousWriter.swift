import InterhumanCore

/// Makes segments of one container stream, for the framings `continuous` and `prefixed`.
///
/// The Matroska muxer keeps one audio packet back, so the last audio packet before a cut lies in the next segment's
/// first cluster (PITFALLS F5). A transport stream begins anew with each segment, so that each has its tables.
final class ContinuousWriter: SegmentWriter {
    private let container: SegmentContainer
    private let audio: CodecParameters?
    private let isPrefixed: Bool
    private let epoch: MediaTime
    private var video: CodecParameters?
    private var output: ContainerOutput
    private var index = 0
    private var start: Int64?
    private var beginsStream = true
    private var videoFrameCount = 0
    private var audioSampleCount = 0
    /// Samples of the audio packet that the muxer keeps back.
    private var keptBackSampleCount = 0
    /// The last picture, while how long it is shown is not known.
    private var picture: EncodedPacket?

    /// Writes the header for the given tracks.
    init(
        _ container: SegmentContainer, video: CodecParameters?, audio: CodecParameters?, epoch: MediaTime,
        isPrefixed: Bool
    ) throws(EncodeError) {
        output = try ContainerOutput(container, video: video, audio: audio, purpose: .stream)
        self.container = container
        self.video = video
        self.audio = audio
        self.epoch = epoch
        self.isPrefixed = isPrefixed
    }

    var overhead: Int { 1024 + output.header.count }

    func cut(at time: Int64, continuingWith video: CodecParameters?) throws(EncodeError) -> [MediaSegment] {
        guard let start else {
            if let video { try begin(with: video) }
            return []
        }
        try writePicture(until: time)
        let begins = video != nil || container == .mpegTS
        let segment = makeSegment(body: begins ? try finishOutput() : try output.flush(), start: start, end: time)
        self.start = time
        if begins { try begin(with: video ?? self.video) }
        beginsStream = video != nil && container != .mpegTS
        return [segment]
    }

    private func begin(with video: CodecParameters?) throws(EncodeError) {
        self.video = video
        output = try ContainerOutput(container, video: video, audio: audio, purpose: .continuation)
    }

    func put(_ packet: EncodedPacket) throws(EncodeError) -> [MediaSegment] {
        start = start ?? packet.time
        // Whichever packet comes, the audio packet kept back before it is written now.
        audioSampleCount += keptBackSampleCount
        keptBackSampleCount = 0
        switch packet.track {
        case .video:
            videoFrameCount += 1
            try writePicture(until: packet.time)
            guard !output.needsDurations else {
                picture = packet
                return []
            }
            try output.writePicture(packet.packet, at: packet.time, duration: packet.duration)
        case .audio:
            try output.writeSound(packet.packet, from: packet.firstSample, duration: packet.heldSampleCount)
            if output.holdsBackAudio {
                keptBackSampleCount = packet.sampleCount
            } else {
                audioSampleCount += packet.sampleCount
            }
        }
        return []
    }

    func endAudio() -> [MediaSegment] { [] }

    func finish(end: Int64) throws(EncodeError) -> [MediaSegment] {
        try writePicture(until: end)
        let body = try finishOutput()
        guard let start, !body.isEmpty else { return [] }
        return [makeSegment(body: body, start: start, end: max(end, start))]
    }

    private func finishOutput() throws(EncodeError) -> [UInt8] {
        audioSampleCount += keptBackSampleCount
        keptBackSampleCount = 0
        return try output.finish()
    }

    /// Writes the picture that waits, now that it is known to be shown until `time`.
    private func writePicture(until time: Int64) throws(EncodeError) {
        guard let waiting = picture else { return }
        picture = nil
        try output.writePicture(waiting.packet, at: waiting.time, duration: max(1, time - waiting.time))
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
            audioSampleCount: audioSampleCount, beginsStream: beginsStream)
    }
}
