/// A moving test picture that carries its own running number: for people as digits, for machines as blocks that
/// ``FrameCounter`` reads. A figure moves for 4 s and rests for 4 s in turn, beginning with motion.
public final class TestPatternVideoSource: VideoSource {
    private let width: Int
    private let height: Int
    private let frameRate: Double
    private let pacing: SourcePacing
    private let schedule: SyntheticSchedule

    /// Creates a source of I420 pictures.
    ///
    /// - Parameters:
    ///   - width: Width in pixels: even, 64 to 8,192.
    ///   - height: Height in pixels: even, 48 to 8,192.
    ///   - frameRate: Frames a second, more than 0 and at most 240.
    ///   - frameCount: How many frames there are; nil for no end.
    ///   - pacing: When frames come.
    ///   - clock: The clock to pace by.
    ///   - base: Capture time of frame 0, to be shared with a ``VoiceLikeAudioSource``; nil for the time of the start.
    public init(
        width: Int = 640, height: Int = 360, frameRate: Double = 15, frameCount: Int? = nil,
        pacing: SourcePacing = .realTime, clock: any MediaClock = SystemClock(), base: MediaTime? = nil
    ) {
        self.width = width
        self.height = height
        self.frameRate = frameRate
        self.pacing = pacing
        schedule = SyntheticSchedule(pacing: pacing, clock: clock, base: base, limit: frameCount)
    }

    public func start() async throws(CaptureError) -> VideoStream {
        let operation = "start the test picture"
        guard (64...8_192).contains(width), (48...8_192).contains(height), width % 2 == 0, height % 2 == 0,
            frameRate > 0, frameRate <= 240
        else {
            throw CaptureError(
                .unsupported, operation: operation,
                message: """
                    A test picture of \(width)x\(height) at \(frameRate) frames a second can't be made. Choose an even \
                    width from 64, an even height from 48, neither above 8192, and at most 240 frames a second.
                    """)
        }
        try schedule.start(operation)
        let pattern = TestPattern(width: width, height: height, frameRate: frameRate)
        let format = VideoFormat(
            width: width, height: height, pixelFormat: .i420, range: .limited, matrix: .bt601)
        let frames = MediaSequence<VideoFrame, CaptureError> { [schedule, frameRate] in
            let offset = { (number: Int) in Duration.nanoseconds(Int64((Double(number) * 1e9 / frameRate).rounded())) }
            guard let (number, base) = await schedule.next(due: offset) else { return nil }
            return VideoFrame(
                format: format, captureTime: base + offset(number), duration: offset(number + 1) - offset(number),
                sequence: UInt64(number), storage: OwnedVideoStorage(planes: pattern.planes(for: number)))
        }
        return VideoStream(
            description: "test picture, \(width)x\(height) at \(frameRate) frames a second", format: format,
            nominalFrameRate: frameRate, frames: frames, isLive: pacing == .realTime)
    }

    public func stop() async {
        schedule.stop()
    }
}
