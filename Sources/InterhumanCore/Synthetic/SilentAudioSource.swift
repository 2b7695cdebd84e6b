/// Silence at 48 kHz mono in chunks of 20 ms, for services that want an audio track where there is no sound.
public final class SilentAudioSource: AudioSource {
    private static let format = AudioFormat(sampleRate: 48_000, channelCount: 1)
    private static let chunkFrames = 960

    private let pacing: SourcePacing
    private let schedule: SyntheticSchedule

    /// Creates a source.
    ///
    /// - Parameters:
    ///   - duration: How long it lasts; nil for no end.
    ///   - pacing: When chunks come.
    ///   - clock: The clock to pace by.
    ///   - base: Capture time of the first sample; nil for the time of the start.
    public init(
        duration: Duration? = nil, pacing: SourcePacing = .realTime, clock: any MediaClock = SystemClock(),
        base: MediaTime? = nil
    ) {
        self.pacing = pacing
        let limit = duration.map { Int(exactly: ($0.inSeconds * 50).rounded(.up)) ?? .max }
        schedule = SyntheticSchedule(pacing: pacing, clock: clock, base: base, limit: limit)
    }

    public func start() async throws(CaptureError) -> AudioStream {
        try schedule.start("start silence")
        let samples = AudioSamples.int16([Int16](repeating: 0, count: Self.chunkFrames))
        let chunks = MediaSequence<AudioChunk, CaptureError> { [schedule] in
            // Like a microphone, a chunk comes when its last sample is there.
            let due = { (number: Int) in Duration.milliseconds(20 * (number + 1)) }
            guard let (number, base) = await schedule.next(due: due) else { return nil }
            return AudioChunk(
                format: Self.format, captureTime: base + .milliseconds(20 * number), samples: samples)
        }
        return AudioStream(description: "silence", format: Self.format, chunks: chunks, isLive: pacing == .realTime)
    }

    public func stop() async {
        schedule.stop()
    }
}
