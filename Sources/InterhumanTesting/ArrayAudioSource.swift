public import InterhumanCore

/// An audio source of prepared chunks.
public final class ArrayAudioSource: AudioSource {
    private let chunks: ArraySourceState<AudioChunk>
    private let format: AudioFormat
    private let isLive: Bool
    private let startError: CaptureError?

    /// Creates a source.
    ///
    /// - Parameters:
    ///   - chunks: The chunks in order.
    ///   - ending: What happens after the last one.
    ///   - isLive: Whether the source claims that it can't wait.
    ///   - interruptions: When the device is away: what belongs there never comes, and the stream's monitor tells.
    ///   - clock: With one, each chunk comes when the clock has reached its end; without, at once.
    ///   - startError: What `start()` throws, if anything.
    public init(
        _ chunks: [AudioChunk], ending: ArraySourceEnding = .ends, isLive: Bool = false,
        interruptions: [TimeRange] = [], clock: (any MediaClock)? = nil, startError: CaptureError? = nil
    ) {
        self.chunks = ArraySourceState(
            chunks, ending: ending, interruptions: interruptions, time: { $0.captureTime },
            pacing: clock.map { ($0, { $0.captureTime + $0.duration }) })
        format = chunks.first?.format ?? AudioFormat(sampleRate: 48_000, channelCount: 1)
        self.isLive = isLive
        self.startError = startError
    }

    /// Creates a source of silence: mono, 48 kHz, chunks of 20 ms.
    ///
    /// - Parameters:
    ///   - count: How many chunks.
    ///   - base: Capture time of the first sample.
    ///   - ending: What happens after the last one.
    ///   - isLive: Whether the source claims that it can't wait.
    ///   - interruptions: When the device is away: what belongs there never comes, and the stream's monitor tells.
    ///   - clock: The clock to pace by; nil for no pacing.
    public convenience init(
        count: Int, base: MediaTime = .zero, ending: ArraySourceEnding = .ends, isLive: Bool = false,
        interruptions: [TimeRange] = [], clock: (any MediaClock)? = nil
    ) {
        let silence = AudioSamples.int16([Int16](repeating: 0, count: 960))
        let chunks = (0..<count).map { number in
            AudioChunk(
                format: AudioFormat(sampleRate: 48_000, channelCount: 1),
                captureTime: base + .milliseconds(20) * number, samples: silence)
        }
        self.init(chunks, ending: ending, isLive: isLive, interruptions: interruptions, clock: clock)
    }

    /// Whether the source was stopped.
    public var isStopped: Bool { chunks.isStopped }

    public func start() async throws(CaptureError) -> AudioStream {
        if let startError { throw startError }
        try chunks.start()
        return AudioStream(
            description: "prepared samples", format: format,
            chunks: MediaSequence { [chunks] () async throws(CaptureError) in try await chunks.next() },
            isLive: isLive, monitor: chunks.monitor)
    }

    public func stop() async {
        chunks.stop()
    }
}
