import CInterhumanFFmpeg
import InterhumanCore

/// Writes packets into one WebM stream and cuts it into segments on a grid of media time.
///
/// A segment ends where a video keyframe at or past the next grid line is about to be written, or an audio packet
/// when there is no video to wait for. The Matroska muxer keeps one audio packet back, so the last audio packet
/// before a cut lies in the next segment's first cluster (PITFALLS F5).
struct SegmentMuxer {
    private let output: OutputContext
    private let header: [UInt8]
    private let framing: SegmentFraming
    private let epoch: MediaTime
    private let videoTrack: Int?
    private let audioTrack: Int?
    /// What the muxer adds to audio times to make room for the codec's delay, in milliseconds.
    private let audioShift: Int64
    /// Length of a segment in milliseconds.
    private let interval: Int64

    private var nextLine: Int64
    /// The latest time of a packet so far, in milliseconds.
    private(set) var latestTime: Int64 = 0
    private var index = 0
    private var start: Int64?
    private var videoFrameCount = 0
    private var audioSampleCount = 0
    /// Samples of the audio packet that the Matroska muxer keeps back.
    private var keptBackSampleCount = 0

    /// Blocks can't be further from their cluster's start than 16 bits of milliseconds.
    private static let clusterMilliseconds = 32_000

    /// Writes the header for the given encoders; `interval` is in milliseconds.
    init(
        video: CodecContext?, audio: CodecContext?, epoch: MediaTime, interval: Int64, framing: SegmentFraming
    ) throws(EncodeError) {
        let output = try OutputContext(container: "webm")
        self.output = output
        self.epoch = epoch
        self.framing = framing
        self.interval = interval
        nextLine = interval
        let milliseconds = AVRational(num: 1, den: 1000)
        videoTrack = try video.map { encoder throws(EncodeError) in
            try output.addTrack(for: encoder, timeBase: milliseconds)
        }
        audioTrack = try audio.map { encoder throws(EncodeError) in
            try output.addTrack(for: encoder, timeBase: milliseconds)
        }
        header = try output.writeHeader([
            ("live", "1"), ("cluster_time_limit", "\(Self.clusterMilliseconds)"),
            ("cluster_size_limit", "\(Int32.max)"),
        ])
        audioShift = audio.map(Self.audioShift) ?? 0
    }

    /// From libavformat 59.30.101 on the Matroska muxer adds the codec's delay to audio times by itself, so that a
    /// first block with a negative time comes to lie at 0; before that blocks have the times that are given (F1).
    private static func audioShift(for audio: CodecContext) -> Int64 {
        let firstWithShift: UInt32 = 59 << 16 | 30 << 8 | 101
        guard avformat_version() >= firstWithShift else { return 0 }
        return av_rescale_q(
            Int64(audio.pointer.pointee.initial_padding),
            AVRational(num: 1, den: audio.pointer.pointee.sample_rate), AVRational(num: 1, den: 1000))
    }

    /// Writes a packet; gives the segment that ends before it, if one does.
    mutating func write(_ packet: EncodedPacket, mayCutAtAudio: Bool) throws(EncodeError) -> MediaSegment? {
        // The short packet at the end of a track, mostly the codec's delay, is not worth a segment.
        let isWhole = packet.sampleCount >= AudioTrackEncoder.frameCount
        let mayCut = packet.track == .video ? packet.isKeyframe : mayCutAtAudio && isWhole
        var segment: MediaSegment?
        if packet.time >= nextLine, mayCut {
            segment = try cut(at: packet.time)
        }
        start = start ?? packet.time
        latestTime = max(latestTime, packet.time)
        try put(packet)
        return segment
    }

    /// Ends the stream at `end` (milliseconds) and gives the last segment, if there is anything in it.
    mutating func finish(end: Int64) throws(EncodeError) -> MediaSegment? {
        let body = try output.finish()
        audioSampleCount += keptBackSampleCount
        keptBackSampleCount = 0
        guard let start, !body.isEmpty else { return nil }
        return makeSegment(body: body, start: start, end: max(end, start))
    }

    private mutating func put(_ packet: EncodedPacket) throws(EncodeError) {
        let pointer = packet.packet.pointer
        let shift = packet.track == .audio ? audioShift : 0
        pointer.pointee.pts = packet.time - shift
        pointer.pointee.dts = packet.time - shift
        pointer.pointee.time_base = AVRational(num: 1, den: 1000)
        switch packet.track {
        case .video:
            guard let videoTrack else { return }
            pointer.pointee.duration = 0
            try output.write(packet.packet, track: videoTrack)
            videoFrameCount += 1
        case .audio:
            guard let audioTrack else { return }
            pointer.pointee.duration = av_rescale(pointer.pointee.duration, 1000, 48_000)
            try output.write(packet.packet, track: audioTrack)
        }
        // Whichever packet comes, the audio packet kept back before it is written now.
        audioSampleCount += keptBackSampleCount
        keptBackSampleCount = packet.sampleCount
    }

    private mutating func cut(at time: Int64) throws(EncodeError) -> MediaSegment? {
        nextLine = (time / interval + 1) * interval
        guard let start else { return nil }
        let segment = makeSegment(body: try output.flush(), start: start, end: time)
        self.start = time
        return segment
    }

    private mutating func makeSegment(body: [UInt8], start: Int64, end: Int64) -> MediaSegment {
        defer {
            index += 1
            videoFrameCount = 0
            audioSampleCount = 0
        }
        return MediaSegment(
            index: index, header: framing == .prefixed ? [] : header,
            body: framing == .prefixed ? header + body : body,
            timeRange: TimeRange(start: epoch + .milliseconds(start), end: epoch + .milliseconds(end)),
            mediaStart: Double(start) / 1000, mediaEnd: Double(end) / 1000, videoFrameCount: videoFrameCount,
            audioSampleCount: audioSampleCount)
    }
}
