/// Something that gives pictures: a camera, a file, a generator, your own code.
public protocol VideoSource: Sendable {
    /// Opens the source, agrees on a format and begins. Called once.
    ///
    /// - Throws: ``CaptureError`` when the source can't be opened.
    func start() async throws(CaptureError) -> VideoStream

    /// Ends the stream; its frames end and everything it held is released. Harmless before `start()` and twice.
    func stop() async
}

/// A running ``VideoSource``.
public struct VideoStream: Sendable {
    /// What was asked for, what was granted and why, for people.
    public var description: String
    /// Shape of the frames, as far as it is known before the first one; each frame says its own.
    public var format: VideoFormat
    /// Frames a second that the source aims at; never a basis for time, which frames carry themselves.
    public var nominalFrameRate: Double
    /// The frames in capture order. One consumer.
    public var frames: MediaSequence<VideoFrame, CaptureError>
    /// Whether the pictures come when they come, as from a camera: such a source can't wait for its reader.
    public var isLive: Bool
    /// How the source is: losses, returns, counters; nil where it does not tell.
    public var monitor: SourceMonitor?

    /// Creates the description of a running source; `nominalFrameRate` is in frames a second.
    public init(
        description: String, format: VideoFormat, nominalFrameRate: Double,
        frames: MediaSequence<VideoFrame, CaptureError>, isLive: Bool = false, monitor: SourceMonitor? = nil
    ) {
        self.description = description
        self.format = format
        self.nominalFrameRate = nominalFrameRate
        self.frames = frames
        self.isLive = isLive
        self.monitor = monitor
    }
}
