public import InterhumanCore
import Synchronization

/// An encoder of ``PassthroughSegmentEncoderFactory``, which says what the segments look like.
public final class PassthroughSegmentEncoder: SegmentEncoder {
    private struct State {
        var index = 0
        var inputCount = 0
        var body: [UInt8] = []
        var start: MediaTime
        var end: MediaTime
        var videoFrameCount = 0
        var audioSampleCount = 0
        var order: [MediaTime] = []
        var bitRate = 1_000_000
        var adjustments: [EncoderAdjustment] = []
        var isFinished = false
        var isCancelled = false
    }

    /// What the encoder was told about the video track; nil for none.
    public let video: VideoTrackDescription?
    /// What the encoder was told about the audio track; nil for none.
    public let audio: AudioTrackDescription?
    /// The capture time of 0 in the container.
    public let epoch: MediaTime
    private let segmentDuration: Duration
    private let padding: Int
    private let failure: (inputNumber: Int, error: EncodeError)?
    private let state: Mutex<State>

    init(
        video: VideoTrackDescription?, audio: AudioTrackDescription?, epoch: MediaTime, segmentDuration: Duration,
        padding: Int, failure: (inputNumber: Int, error: EncodeError)?
    ) {
        self.video = video
        self.audio = audio
        self.epoch = epoch
        self.segmentDuration = segmentDuration
        self.padding = padding
        self.failure = failure
        state = Mutex(State(start: epoch, end: epoch))
    }

    /// Capture times of everything that went in, in order of arrival.
    public var inputTimes: [MediaTime] { state.withLock { $0.order } }

    /// What it was asked to change, in order. The bit rate, 1 Mb/s at first, scales the padding; the rest is noted.
    public var adjustments: [EncoderAdjustment] { state.withLock { $0.adjustments } }

    /// Whether `finish()` was called.
    public var isFinished: Bool { state.withLock { $0.isFinished } }

    /// Whether `cancel()` was called.
    public var isCancelled: Bool { state.withLock { $0.isCancelled } }

    public func encode(_ frame: VideoFrame) async throws(EncodeError) -> [MediaSegment] {
        try add("V", at: frame.captureTime, lasting: frame.duration ?? .zero, maySplit: true) {
            $0.videoFrameCount += 1
        }
    }

    public func encode(_ chunk: AudioChunk) async throws(EncodeError) -> [MediaSegment] {
        try add("A", at: chunk.captureTime, lasting: chunk.duration, maySplit: video == nil) {
            $0.audioSampleCount += chunk.frameCount
        }
    }

    public func finishVideo() async throws(EncodeError) -> [MediaSegment] { [] }

    public func finishAudio() async throws(EncodeError) -> [MediaSegment] { [] }

    public func finish() async throws(EncodeError) -> [MediaSegment] {
        state.withLock { state in
            guard !state.isFinished, !state.isCancelled else { return [] }
            state.isFinished = true
            return cut(&state)
        }
    }

    public func cancel() async {
        state.withLock { $0.isCancelled = true }
    }

    public func adjust(_ adjustment: EncoderAdjustment) async throws(EncodeError) -> EncoderAdjustment.Effect {
        state.withLock { state in
            state.adjustments.append(adjustment)
            state.bitRate = adjustment.videoBitRate ?? state.bitRate
        }
        return .nextSegment
    }

    public func describe() async -> EncoderDescription {
        let bitRate = state.withLock { $0.bitRate }
        return EncoderDescription(
            text: "passthrough",
            video: video.map {
                EncoderDescription.Video(
                    width: $0.format.width, height: $0.format.height, maximumFrameRate: $0.nominalFrameRate,
                    bitRate: bitRate)
            })
    }

    private func add(
        _ kind: Unicode.Scalar, at time: MediaTime, lasting duration: Duration, maySplit: Bool,
        _ count: (inout State) -> Void
    ) throws(EncodeError) -> [MediaSegment] {
        let result = state.withLock { state -> Result<[MediaSegment], EncodeError> in
            guard !state.isFinished, !state.isCancelled else { return .failure(Self.usedAfterEnd) }
            if state.inputCount == 0 { state.start = time }
            state.inputCount += 1
            if let failure, failure.inputNumber == state.inputCount { return .failure(failure.error) }
            let segments = maySplit && time - state.start >= segmentDuration ? cut(&state, at: time) : []
            state.order.append(time)
            state.body.append(UInt8(ascii: kind))
            state.body += (0..<8).map { UInt8(truncatingIfNeeded: time.nanoseconds >> (56 - 8 * $0)) }
            state.end = max(state.end, time + duration)
            count(&state)
            return .success(segments)
        }
        return try result.get()
    }

    private func cut(_ state: inout State, at time: MediaTime? = nil) -> [MediaSegment] {
        guard !state.body.isEmpty else { return [] }
        let end = time ?? state.end
        let segment = MediaSegment(
            index: state.index, header: PassthroughSegmentEncoderFactory.header,
            body: state.body + [UInt8](repeating: 0, count: padding * state.bitRate / 1_000_000),
            timeRange: TimeRange(start: state.start, end: end), mediaStart: (state.start - epoch).inSeconds,
            mediaEnd: (end - epoch).inSeconds, videoFrameCount: state.videoFrameCount,
            audioSampleCount: state.audioSampleCount)
        state.index += 1
        state.start = end
        state.body = []
        state.videoFrameCount = 0
        state.audioSampleCount = 0
        return [segment]
    }

    private static let usedAfterEnd = EncodeError(
        .misuse, operation: "encode", message: "The encoder was finished or cancelled. Make a new one.")
}
