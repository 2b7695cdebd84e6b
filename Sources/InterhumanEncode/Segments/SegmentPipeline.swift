import InterhumanCore

/// Encoders, interleaver and muxer of one stream. Used by one thread at a time.
final class SegmentPipeline {
    private let settings: SegmentSettings
    private let choice: CodecChoice
    /// Whether a segment is ended before the picture comes that begins the next.
    private let endsAhead: Bool
    private let video: VideoTrackEncoder?
    private let audio: AudioTrackEncoder?
    private var interleaver: Interleaver<EncodedPacket>
    private var grid: SegmentGrid
    private let writer: any SegmentWriter
    /// What the writer's pictures look like at the moment.
    private var shape: CodecParameters?
    /// The latest time of a packet so far, in milliseconds.
    private var latestTime: Int64 = 0
    private var counters = EncoderStatistics()
    private var meter: SegmentMeter
    /// The segment in progress begins here, in milliseconds.
    private var segmentStart: Int64?
    /// Figures of segments that were cut and did not come out yet.
    private var figures: [SegmentStatistics] = []

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
        choice = try CodecChoice(
            settings, hasVideo: video != nil, hasAudio: audio != nil, isAvailable: CodecContext.hasEncoder(named:))
        self.settings = settings
        endsAhead = video?.isLive == true && settings.framing != .selfContained
        if let video, let kind = choice.video {
            self.video = try VideoTrackEncoder(video, kind: kind, settings: settings, epoch: epoch)
        } else {
            self.video = nil
        }
        if audio != nil, let kind = choice.audio {
            self.audio = try AudioTrackEncoder(
                kind, bitRate: settings.audioBitRate, hasGlobalHeader: settings.container.hasGlobalHeader, epoch: epoch)
        } else {
            self.audio = nil
        }
        interleaver = Interleaver(hasVideo: video != nil, hasAudio: audio != nil, lead: Self.lead)
        grid = SegmentGrid(settings)
        shape = self.video?.parameters
        meter = SegmentMeter(targetVideoBitRate: self.video?.description.bitRate ?? 0)
        writer =
            settings.framing == .selfContained
            ? CompleteFileWriter(
                settings.container, video: shape, audio: self.audio?.parameters,
                prerollCount: choice.audio?.prerollCount ?? 0, epoch: epoch)
            : try ContinuousWriter(
                settings.container, video: shape, audio: self.audio?.parameters, epoch: epoch,
                isPrefixed: settings.framing == .prefixed)
    }

    /// What was encoded and what was left out so far.
    var statistics: EncoderStatistics {
        var statistics = counters
        statistics.videoFramesRepeated = video?.repeatedCount ?? 0
        statistics.audioSamplesEncoded = audio?.packetSampleCount ?? 0
        statistics.audioSamplesSilent = audio?.silentCount ?? 0
        statistics.audioSamplesDropped = audio?.droppedCount ?? 0
        return statistics
    }

    // MARK: Media

    func encode(_ frame: VideoFrame) throws(EncodeError) -> [MediaSegment] {
        guard let video, interleaver.isOpen(.video) else { throw Self.noTrack("video") }
        counters.videoFramesReceived += 1
        switch video.judge(frame, earliest: latestTime - Self.reach) {
        case .wanted(let time): enqueue(try encode(frame, at: time, with: video))
        case .aboveRate: counters.videoFramesAboveRate += 1
        case .outOfOrder: counters.videoFramesOutOfOrder += 1
        case .tooLate: counters.videoFramesTooLate += 1
        case .beforeEpoch: counters.videoFramesBeforeEpoch += 1
        }
        interleaver.advance(.video, to: video.position)
        if let audio, interleaver.isOpen(.audio), video.position - audio.position > Self.lead {
            enqueue(try audio.fill(upTo: video.position - Self.lead))
            interleaver.advance(.audio, to: audio.position)
        }
        return try drain() + endSegmentAhead(video)
    }

    private func encode(
        _ frame: VideoFrame, at time: Int64, with video: VideoTrackEncoder
    ) throws(EncodeError) -> [EncodedPacket] {
        guard let pixels = try video.pixels(of: frame) else {
            counters.videoFramesBroken += 1
            return []
        }
        counters.videoFramesEncoded += 1
        let role = grid.role(ofPictureAt: time, lasting: video.clock.expectedDuration, isFull: isSegmentFull)
        return try video.encode(pixels, at: time, captureTime: frame.captureTime, as: role)
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
        if grid.isAhead, meter.packetCount > 0 {
            // Sound came late for a segment that was ended already: what holds it now is to have a keyframe, too.
            enqueue(try video?.repeatLastPicture() ?? [])
            segments += try drain()
        }
        if let end = grid.padding(ofSegmentEndingAt: end) {
            enqueue(try video?.repeatLastPicture(until: end) ?? [])
            enqueue(try audio?.continueSilently(until: end) ?? [])
            segments += try drain()
        }
        closeMeter(at: end)
        return segments + given(try writer.finish(end: end))
    }

    /// When the media ends that came so far, in milliseconds.
    private var end: Int64 { max(video?.clock.end ?? 0, audio?.end ?? 0) }

    // MARK: Control

    /// Asks for a segment with the next picture.
    func requestKeyframe() {
        grid.requestSegment()
    }

    /// Changes rates and size; says when all of it shows.
    func adjust(_ adjustment: EncoderAdjustment) -> EncoderAdjustment.Effect {
        guard let video else { return .none }
        let effect = video.adjust(adjustment)
        meter.aim(at: video.description.bitRate)
        // A complete file and a transport stream have no header that a new shape could outdate.
        let hasHeader = settings.framing != .selfContained && settings.container != .mpegTS
        return effect == .nextStream && !hasHeader ? .nextSegment : effect
    }

    /// Keeps segments within limits from now on.
    func respect(_ limits: SegmentLimits) {
        grid.respect(limits)
    }

    /// What is made at the moment.
    var description: EncoderDescription {
        var parts: [String] = []
        if let made = video?.description, let codec = choice.videoCodec {
            parts.append(
                "\(codec.name) \(made.width)x\(made.height) up to \(Int(made.maximumFrameRate.rounded()))/s at "
                    + "\(made.bitRate / 1000) kb/s (\(choice.video?.name ?? ""))")
        }
        if let codec = choice.audio { parts.append("\(codec.name) at \(settings.audioBitRate / 1000) kb/s") }
        parts.append("\(settings.container.name), \(settings.framing.rawValue)")
        return EncoderDescription(
            text: parts.joined(separator: ", "), fallbacks: choice.fallbacks, video: video?.description)
    }

    /// Adds the time of a call to the figures of the segment in progress.
    func addTime(encoding: Duration, wait: Duration, isPicture: Bool) {
        meter.add(encoding: encoding, wait: wait, isPicture: isPicture)
    }

    // MARK: Segments

    private func enqueue(_ packets: [EncodedPacket]) {
        for packet in packets {
            if packet.track == .video, packet.isKeyframe { counters.keyframes += 1 }
            interleaver.append(packet, time: packet.time, to: packet.track)
        }
    }

    /// Whether the segment in progress has hardly room for another picture and the sound beside it.
    private var isSegmentFull: Bool {
        guard let limit = grid.maximumBytes, meter.packetCount > 0 else { return false }
        let waiting = interleaver.waitingCount + (video?.insideCount ?? 0)
        // A picture after a change of scene is larger than the keyframe by what rate control had saved up. An index has
        // up to 40 bytes a packet, a transport stream 4 in each 188, and a quarter of a second of sound may still come.
        let saved = (video?.description.bitRate ?? 0) / 80
        let reserve = (waiting + 1) * meter.largestPacket + saved + settings.audioBitRate / 32 + writer.overhead
        return (meter.bytes + reserve) * 188 / 184 + meter.packetCount * 40 > limit
    }

    /// Writes every packet whose turn has come.
    private func drain() throws(EncodeError) -> [MediaSegment] {
        var segments: [MediaSegment] = []
        while let (packet, order) = interleaver.next() {
            if begins(with: packet, order) { segments += try cut(before: packet) }
            segments += try write(packet)
        }
        if audio != nil, !interleaver.isOpen(.audio), !hasAudioEnded {
            hasAudioEnded = true
            segments += given(try writer.endAudio())
        }
        return segments
    }

    private var hasAudioEnded = false

    private func begins(with packet: EncodedPacket, _ order: Interleaver<EncodedPacket>.Order) -> Bool {
        if packet.track == .video { return packet.beginsSegment }
        // The short packet at the end of a track, mostly the codec's delay, is not worth a segment.
        guard let audio, mayBeginWithAudio(at: packet.time, order), packet.sampleCount >= audio.frameCount else {
            return false
        }
        return grid.begins(withSoundAt: packet.time, lasting: packet.duration, isFull: isSegmentFull)
    }

    /// Whether audio may begin a segment: not while video may still come, nor when it has only just ended.
    private func mayBeginWithAudio(at time: Int64, _ order: Interleaver<EncodedPacket>.Order) -> Bool {
        guard let video else { return true }
        guard !interleaver.isOpen(.video) else { return order == .otherTrackStalled }
        return time >= video.clock.end + Self.audioTail
    }

    /// Ends a live segment with its last picture, without waiting for the next, where pictures come at a steady rate.
    ///
    /// Sound that is a little late then lies at the start of the next segment; complete files have to wait for it.
    private func endSegmentAhead(_ video: VideoTrackEncoder) throws(EncodeError) -> [MediaSegment] {
        guard endsAhead, video.canEndSegment, let last = video.clock.lastTime,
            let next = video.clock.expectedNext, isSoundNear(last),
            grid.ends(withPictureAt: last, before: next)
        else { return [] }
        var segments: [MediaSegment] = []
        while let packet = interleaver.next(before: next) { segments += try write(packet) }
        closeMeter(at: next)
        return segments + given(try writer.cut(at: next, continuingWith: nil))
    }

    /// Whether the sound up to `time` (milliseconds) has come, but for some 60 ms.
    private func isSoundNear(_ time: Int64) -> Bool {
        guard let audio, interleaver.isOpen(.audio) else { return true }
        return audio.position >= time - 60
    }

    private func write(_ packet: EncodedPacket) throws(EncodeError) -> [MediaSegment] {
        segmentStart = segmentStart ?? packet.time
        meter.add(packet)
        latestTime = max(latestTime, packet.time)
        return given(try writer.put(packet))
    }

    private func cut(before packet: EncodedPacket) throws(EncodeError) -> [MediaSegment] {
        closeMeter(at: packet.time)
        var changed: CodecParameters?
        if let parameters = packet.parameters, parameters !== shape {
            changed = parameters
            shape = parameters
        }
        return given(try writer.cut(at: packet.time, continuingWith: changed))
    }

    /// Notes the figures of the segment that ends at `time`, if there is anything in it.
    private func closeMeter(at time: Int64) {
        guard let segmentStart else { return }
        figures.append(meter.figures(lasting: Double(time - segmentStart) / 1000))
        meter = SegmentMeter(targetVideoBitRate: video?.description.bitRate ?? 0)
        self.segmentStart = time
    }

    /// Counts segments that are given out and tells their figures.
    private func given(_ segments: [MediaSegment]) -> [MediaSegment] {
        counters.segments += segments.count
        counters.bytes += segments.reduce(0) { $0 + $1.byteCount }
        return segments.map { segment in
            var segment = segment
            if !figures.isEmpty { segment.statistics = figures.removeFirst() }
            return segment
        }
    }

    private static func noTrack(_ kind: String) -> EncodeError {
        EncodeError(
            .misuse, operation: "encode \(kind)",
            message: "The encoder was made without a \(kind) track, or was told that no more \(kind) comes.")
    }
}
