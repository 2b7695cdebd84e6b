/// Something that gives sound: a microphone, a file, a generator, your own code.
public protocol AudioSource: Sendable {
    /// Opens the source and begins. Called once.
    ///
    /// - Throws: ``CaptureError`` when the source can't be opened.
    func start() async throws(CaptureError) -> AudioStream

    /// Ends the stream; its chunks end and everything it held is released. Harmless before `start()` and twice.
    func stop() async
}

/// A running ``AudioSource``.
public struct AudioStream: Sendable {
    /// What was asked for, what was granted and why, for people.
    public var description: String
    /// Rate and channels.
    public var format: AudioFormat
    /// The chunks in capture order. One consumer.
    public var chunks: MediaSequence<AudioChunk, CaptureError>
    /// Whether the samples come when they come, as from a microphone: such a source can't wait for its reader.
    public var isLive: Bool
    /// How the source is: losses, returns, counters; nil where it does not tell.
    public var monitor: SourceMonitor?

    /// Creates the description of a running source.
    public init(
        description: String, format: AudioFormat, chunks: MediaSequence<AudioChunk, CaptureError>,
        isLive: Bool = false, monitor: SourceMonitor? = nil
    ) {
        self.description = description
        self.format = format
        self.chunks = chunks
        self.isLive = isLive
        self.monitor = monitor
    }
}
