public import InterhumanCore

/// A live video source whose gaps are filled with its last picture, repeated at the nominal rate on the same timeline,
/// so that a session keeps both tracks while a camera is unplugged, stalls or is opened afresh.
///
/// ```swift
/// var configuration = CameraConfiguration()
/// configuration.whenLost = .wait(atMost: .seconds(60))
/// let video = FilledVideoSource(CameraSource(configuration: configuration))
/// ```
///
/// A source that can wait, such as a file, has no gaps and passes untouched.
///
/// Nothing comes before the source's first picture. In a gap the picture is copied once, so that a camera that went
/// away gets its memory back. H.264 can't be repeated: its gaps stay.
public final class FilledVideoSource: VideoSource {
    private let base: any VideoSource
    private let filling: Filling<RepeatingTrack>

    /// Creates a source over `base`.
    ///
    /// - Parameters:
    ///   - base: a live source.
    ///   - policy: when it counts as missing.
    ///   - clock: the clock that it stamps its pictures with.
    public init(
        _ base: any VideoSource, policy: FillingPolicy = FillingPolicy(), clock: any MediaClock = SystemClock()
    ) {
        self.base = base
        filling = Filling(policy: policy, clock: clock)
    }

    /// When filling begins and ends. One consumer.
    public var events: MediaSequence<FillingEvent, Never> { filling.events }

    /// The counters so far, in pictures.
    public var statistics: FillingStatistics { filling.statistics }

    public func start() async throws(CaptureError) -> VideoStream {
        var stream = try await base.start()
        guard stream.isLive else { return stream }
        let monitor = stream.monitor ?? SourceMonitor()
        stream.monitor = monitor
        stream.frames = filling.fill(
            stream.frames, of: RepeatingTrack(frameRate: stream.nominalFrameRate), reportingTo: monitor)
        return stream
    }

    public func stop() async {
        await base.stop()
        filling.stop()
    }
}

/// Repeats the last picture.
struct RepeatingTrack: FillableTrack {
    private let nominalInterval: Duration
    private var last: VideoFrame?

    /// A track of a source that aims at `frameRate` frames a second.
    init(frameRate: Double) {
        let rate = frameRate.isFinite && frameRate > 0 ? min(max(frameRate, 0.5), 240) : 30
        nominalInterval = .seconds(1 / rate)
    }

    private var interval: Duration {
        last?.duration.map { min(max($0, .milliseconds(4)), .seconds(2)) } ?? nominalInterval
    }

    var end: MediaTime? {
        guard let last, last.format.pixelFormat != .h264 else { return nil }
        return last.captureTime + interval
    }

    mutating func take(_ frame: VideoFrame) {
        last = frame
        // A picture kept until the next comes is one buffer less for the camera.
        if (frame.storage as? any ScarceStorage)?.isScarce == true { keepCopy() }
    }

    mutating func fill() -> (element: VideoFrame, count: UInt64)? {
        guard let end else { return nil }
        if last?.storage is any ScarceStorage { keepCopy() }
        last?.captureTime = end
        // The numbers are the source's; this picture has none.
        last?.sequence = nil
        return last.map { ($0, 1) }
    }

    mutating func fit(_ frame: VideoFrame) -> Fit<VideoFrame> {
        guard let last, frame.captureTime <= last.captureTime else { return .now(frame, skipped: 0) }
        return .nowhere(skipped: 1)
    }

    private mutating func keepCopy() {
        guard let lent = last?.storage else { return }
        last?.storage = lent.withPlanes { planes in
            OwnedVideoStorage(planes: planes.map { (Array($0.bytes), $0.bytesPerRow) })
        }
    }
}
