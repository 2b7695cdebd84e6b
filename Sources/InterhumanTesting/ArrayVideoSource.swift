public import InterhumanCore

/// What a source of prepared media does after its last element.
public enum ArraySourceEnding: Sendable {
    /// It ends, as a file does.
    case ends
    /// It fails.
    case fails(CaptureError)
    /// It gives nothing more until it is stopped, as a silent device does.
    case staysOpen
}

/// A video source of prepared frames.
public final class ArrayVideoSource: VideoSource {
    private let frames: ArraySourceState<VideoFrame>
    private let format: VideoFormat
    private let frameRate: Double
    private let isLive: Bool
    private let startError: CaptureError?

    /// Creates a source.
    ///
    /// - Parameters:
    ///   - frames: The frames in order.
    ///   - frameRate: Frames a second to announce.
    ///   - ending: What happens after the last one.
    ///   - isLive: Whether the source claims that it can't wait.
    ///   - interruptions: When the device is away: what belongs there never comes, and the stream's monitor tells.
    ///   - clock: With one, each frame comes when the clock has reached its capture time; without, at once.
    ///   - startError: What `start()` throws, if anything.
    public init(
        _ frames: [VideoFrame], frameRate: Double = 30, ending: ArraySourceEnding = .ends, isLive: Bool = false,
        interruptions: [TimeRange] = [], clock: (any MediaClock)? = nil, startError: CaptureError? = nil
    ) {
        self.frames = ArraySourceState(
            frames, ending: ending, interruptions: interruptions, time: { $0.captureTime },
            pacing: clock.map { ($0, { $0.captureTime }) })
        format = frames.first?.format ?? VideoFormat(width: 16, height: 16, pixelFormat: .gray8)
        self.frameRate = frameRate
        self.isLive = isLive
        self.startError = startError
    }

    /// Creates a source of small grey frames at a steady rate.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - frameRate: Frames a second.
    ///   - base: Capture time of the first.
    ///   - ending: What happens after the last one.
    ///   - isLive: Whether the source claims that it can't wait.
    ///   - interruptions: When the device is away: what belongs there never comes, and the stream's monitor tells.
    ///   - clock: The clock to pace by; nil for no pacing.
    public convenience init(
        count: Int, frameRate: Double = 30, base: MediaTime = .zero, ending: ArraySourceEnding = .ends,
        isLive: Bool = false, interruptions: [TimeRange] = [], clock: (any MediaClock)? = nil
    ) {
        let format = VideoFormat(width: 16, height: 16, pixelFormat: .gray8)
        let storage = OwnedVideoStorage(planes: [([UInt8](repeating: 128, count: 256), 16)])
        let frames = (0..<count).map { number in
            VideoFrame(
                format: format, captureTime: base + .nanoseconds(Int64((Double(number) * 1e9 / frameRate).rounded())),
                sequence: UInt64(number), storage: storage)
        }
        self.init(
            frames, frameRate: frameRate, ending: ending, isLive: isLive, interruptions: interruptions, clock: clock)
    }

    /// Whether the source was stopped.
    public var isStopped: Bool { frames.isStopped }

    public func start() async throws(CaptureError) -> VideoStream {
        if let startError { throw startError }
        try frames.start()
        return VideoStream(
            description: "prepared frames", format: format, nominalFrameRate: frameRate,
            frames: MediaSequence { [frames] () async throws(CaptureError) in try await frames.next() },
            isLive: isLive, monitor: frames.monitor)
    }

    public func stop() async {
        frames.stop()
    }
}
