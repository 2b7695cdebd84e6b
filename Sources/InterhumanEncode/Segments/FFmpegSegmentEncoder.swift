public import InterhumanCore

/// A segment encoder on FFmpeg, whose segments are cut on a grid of capture time.
///
/// Its work happens on a thread of its own. The first frame at or past each multiple of the segment duration after
/// the epoch is a keyframe and begins a segment; variable frame rates stay as captured, in milliseconds.
///
/// A segment is cut early where its bytes come near the service's maximum or a keyframe is asked for. The last one,
/// where it would be shorter than the framing or the service allows, goes on with its last picture and silence.
///
/// Hand in both tracks in about the order of capture time, as a session does: what counts is how far one is ahead of
/// the other in capture time, not when it arrives. Take care of that with sources that are not paced.
///
/// - Frames from before the epoch, frames whose time is not after the one before, and frames above the highest frame
///   rate are left out and counted.
/// - Audio that is missing becomes silence: gaps of more than 60 ms at once, an audio source that gives nothing once
///   video is 1.5 s ahead of it. Audio that then comes too late is dropped and counted.
/// - Video that is missing is not waited for longer than 1.5 s: segments then hold audio alone until it comes back,
///   with a keyframe. Frames more than 20 s older than audio that was written are left out and counted.
public actor FFmpegSegmentEncoder: SegmentEncoder {
    private nonisolated let executor = ThreadExecutor(name: "ih-encode")
    private let epoch: MediaTime
    private var pipeline: SegmentPipeline?
    private var ending: EncodeError?
    private var lastStatistics = EncoderStatistics()

    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    init(epoch: MediaTime) {
        self.epoch = epoch
    }

    func open(
        settings: SegmentSettings, video: VideoTrackDescription?, audio: AudioTrackDescription?
    ) throws(EncodeError) {
        pipeline = try SegmentPipeline(settings: settings, video: video, audio: audio, epoch: epoch)
    }

    /// What was encoded and what was left out so far.
    public var statistics: EncoderStatistics {
        pipeline?.statistics ?? lastStatistics
    }

    public nonisolated func encode(_ frame: VideoFrame) async throws(EncodeError) -> [MediaSegment] {
        try await encode(frame, calledAt: .now)
    }

    public nonisolated func encode(_ chunk: AudioChunk) async throws(EncodeError) -> [MediaSegment] {
        try await encode(chunk, calledAt: .now)
    }

    private func encode(
        _ frame: VideoFrame, calledAt called: ContinuousClock.Instant
    ) throws(EncodeError) -> [MediaSegment] {
        try perform("encode a frame", calledAt: called, isPicture: true) { pipeline throws(EncodeError) in
            try pipeline.encode(frame)
        }
    }

    private func encode(
        _ chunk: AudioChunk, calledAt called: ContinuousClock.Instant
    ) throws(EncodeError) -> [MediaSegment] {
        try perform("encode samples", calledAt: called) { pipeline throws(EncodeError) in try pipeline.encode(chunk) }
    }

    public func finishVideo() async throws(EncodeError) -> [MediaSegment] {
        try perform("finish the video track") { pipeline throws(EncodeError) in try pipeline.finishVideo() }
    }

    public func finishAudio() async throws(EncodeError) -> [MediaSegment] {
        try perform("finish the audio track") { pipeline throws(EncodeError) in try pipeline.finishAudio() }
    }

    public func finish() async throws(EncodeError) -> [MediaSegment] {
        let segments = try perform("finish the stream") { pipeline throws(EncodeError) in try pipeline.finish() }
        end(
            EncodeError(
                .misuse, operation: "use a finished encoder",
                message: "The encoder has finished its stream. Make a new one for another stream."))
        return segments
    }

    public func cancel() async {
        end(EncodeError(.cancelled, operation: "use a cancelled encoder", message: "The encoder was cancelled."))
    }

    public func requestKeyframe() async {
        pipeline?.requestKeyframe()
    }

    public func adjust(_ adjustment: EncoderAdjustment) async throws(EncodeError) -> EncoderAdjustment.Effect {
        if let ending { throw ending }
        return pipeline?.adjust(adjustment) ?? .none
    }

    public func respect(_ limits: SegmentLimits) async {
        pipeline?.respect(limits)
    }

    public func describe() async -> EncoderDescription {
        pipeline?.description ?? EncoderDescription()
    }

    private func perform(
        _ operation: String, calledAt called: ContinuousClock.Instant = .now, isPicture: Bool = false,
        _ body: (SegmentPipeline) throws(EncodeError) -> [MediaSegment]
    ) throws(EncodeError) -> [MediaSegment] {
        if let ending { throw ending }
        guard let pipeline else {
            throw EncodeError(.misuse, operation: operation, message: "The encoder was never opened.")
        }
        do throws(EncodeError) {
            let began = ContinuousClock.now
            let segments = try body(pipeline)
            pipeline.addTime(encoding: ContinuousClock.now - began, wait: began - called, isPicture: isPicture)
            return segments
        } catch {
            end(error)
            throw error
        }
    }

    private func end(_ reason: EncodeError) {
        if let pipeline { lastStatistics = pipeline.statistics }
        pipeline = nil
        ending = ending ?? reason
    }
}
