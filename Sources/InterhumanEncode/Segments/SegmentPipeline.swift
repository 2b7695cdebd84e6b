import InterhumanCore

/// Encoders, interleaver and muxer of one stream. Used by one thread at a time.
final class SegmentPipeline {
    private let video: VideoTrackEncoder?
    private let audio: AudioTrackEncoder?
    private var interleaver: Interleaver<EncodedPacket>
    private var grid: SegmentGrid
    private let writer: any SegmentWriter
    /// The latest time of a packet so far, in milliseconds.
    private var latestTime: Int64 = 0
    private var counters = EncoderStatistics()

    /// How far one track may be ahead before the other counts as stalled, in milliseconds.
    static let lead: Int64 = 1500

    /// How much older than the latest packet another may be: its block must be near its cluster's start, which 16 bits
    /// of milliseconds express.
    private static let reach: Int64 = 20_000

    /// How long audio may outlast video and still belong to its last segment, in milliseconds: the tracks of a file
    /// seldom end together, and a message without a keyframe is of little use.
    private static let audioTail: Int64 = 1000

    /// Opens the encoders and writes the header.
    init(
        settings: SegmentSettings, video: VideoTrackDescription?, audio: AudioTrackDescription?, epoch: MediaTime
    ) throws(EncodeError) {
        guard video != nil || audio != nil else {
            throw EncodeError(
                .invalidInput, operation: "set up the encoder",
                message: "There is neither video nor audio to encode. Give at least one track.")
        }
        let interval = settings.gridInterval
        self.video = try video.map { track throws(EncodeError) in
            try VideoTrackEncoder(track, settings: settings, epoch: epoch, keyframeInterval: interval)
        }
        self.audio = try audio.map { _ throws(EncodeError) in
            try AudioTrackEncoder(bitRate: settings.audioBitRate, epoch: epoch)
        }
        interleaver = Interleaver(hasVideo: video != nil, hasAudio: audio != nil, lead: Self.lead)
        grid = SegmentGrid(interval: interval)
        let codecs = (video: self.video?.codec, audio: self.audio?.codec)
        writer =
            settings.framing == .selfContained
            ? CompleteFileWriter(video: codecs.video, audio: codecs.audio, epoch: epoch)
            : try ContinuousWriter(
                video: codecs.video, audio: codecs.audio, epoch: epoch, isPrefixed: settings.framing == .prefixed)
    }

    /// What was encoded and what was left out so far.
    var statistics: EncoderStatistics {
        var statistics = counters
        statistics.audioSamplesEncoded = audio?.packetSampleCount ?? 0
        statistics.audioSamplesSilent = audio?.silentCount ?? 0
        statistics.audioSamplesDropped = audio?.droppedCount ?? 0
        return statistics
    }

    func encode(_ frame: VideoFrame) throws(EncodeError) -> [MediaSegment] {
        guard let video, interleaver.isOpen(.video) else { throw Self.noTrack("video") }
        counters.videoFramesReceived += 1
        switch try video.encode(frame, earliest: latestTime - Self.reach) {
        case .encoded(let packets):
            counters.videoFramesEncoded += 1
            enqueue(packets)
        case .aboveRate: counters.videoFramesAboveRate += 1
        case .outOfOrder: counters.videoFramesOutOfOrder += 1
        case .tooLate: counters.videoFramesTooLate += 1
        case .broken: counters.videoFramesBroken += 1
        case .beforeEpoch: counters.videoFramesBeforeEpoch += 1
        }
        interleaver.advance(.video, to: video.position)
        if let audio, interleaver.isOpen(.audio), video.position - audio.position > Self.lead {
            enqueue(try audio.fill(upTo: video.position - Self.lead))
            interleaver.advance(.audio, to: audio.position)
        }
        return try drain()
    }

    func encode(_ chunk: AudioChunk) throws(EncodeError) -> [MediaSegment] {
        guard let audio, interleaver.isOpen(.audio) else { throw Self.noTrack("audio") }
        enqueue(try audio.encode(chunk))
        interleaver.advance(.audio, to: audio.position)
        return try drain()
    }

    func finishVideo() throws(EncodeError) -> [MediaSegment] {
        guard let video, interleaver.isOpen(.video) else { return [] }
        enqueue(try video.finish())
        interleaver.close(.video)
        return try drain()
    }

    func finishAudio() throws(EncodeError) -> [MediaSegment] {
        guard let audio, interleaver.isOpen(.audio) else { return [] }
        enqueue(try audio.finish())
        interleaver.close(.audio)
        return try drain()
    }

    func finish() throws(EncodeError) -> [MediaSegment] {
        var segments = try finishVideo()
        segments += try finishAudio()
        return segments + count(try writer.finish(end: max(video?.end ?? 0, audio?.end ?? 0)))
    }

    private func enqueue(_ packets: [EncodedPacket]) {
        for packet in packets {
            if packet.track == .video, packet.isKeyframe { counters.keyframes += 1 }
            interleaver.append(packet, time: packet.time, to: packet.track)
        }
    }

    /// Writes every packet whose turn has come.
    private func drain() throws(EncodeError) -> [MediaSegment] {
        var segments: [MediaSegment] = []
        while let (packet, order) = interleaver.next() {
            if grid.begins(with: packet, mayBeginWithAudio: mayBeginWithAudio(at: packet.time, order)) {
                segments += count(try writer.cut(at: packet.time))
                // Whatever video comes next begins the segment anew.
                if packet.track == .audio { video?.requireKeyframe() }
            }
            segments += count(try writer.put(packet))
            latestTime = max(latestTime, packet.time)
        }
        return segments
    }

    /// Whether audio may begin a segment: not while video may still come, nor when it has only just ended.
    private func mayBeginWithAudio(at time: Int64, _ order: Interleaver<EncodedPacket>.Order) -> Bool {
        guard let video else { return true }
        guard !interleaver.isOpen(.video) else { return order == .otherTrackStalled }
        return time >= video.end + Self.audioTail
    }

    private func count(_ segments: [MediaSegment]) -> [MediaSegment] {
        counters.segments += segments.count
        counters.bytes += segments.reduce(0) { $0 + $1.byteCount }
        return segments
    }

    private static func noTrack(_ kind: String) -> EncodeError {
        EncodeError(
            .misuse, operation: "encode \(kind)",
            message: "The encoder was made without a \(kind) track, or was told that no more \(kind) comes.")
    }
}
