import Synchronization

/// A tone that behaves like a voice: spurts of 2 to 4 s with syllables and a wandering pitch, pauses of about 1 s.
/// 48 kHz, mono, 16-bit, in chunks of 20 ms. The same samples every time.
public final class VoiceLikeAudioSource: AudioSource {
    /// What the source delivers.
    public static let format = AudioFormat(sampleRate: 48_000, channelCount: 1)
    /// Samples a chunk: 20 ms.
    public static let samplesPerChunk = 960

    private let pacing: SourcePacing
    private let schedule: SyntheticSchedule

    /// Creates a source.
    ///
    /// - Parameters:
    ///   - chunkCount: How many chunks of 20 ms there are; nil for no end.
    ///   - pacing: When chunks come: in real time each when its last sample would have been taken.
    ///   - clock: The clock to pace by.
    ///   - base: Capture time of the first sample, to be shared with a ``TestPatternVideoSource``; nil for the time
    ///     of the start.
    public init(
        chunkCount: Int? = nil, pacing: SourcePacing = .realTime, clock: any MediaClock = SystemClock(),
        base: MediaTime? = nil
    ) {
        self.pacing = pacing
        schedule = SyntheticSchedule(pacing: pacing, clock: clock, base: base, limit: chunkCount)
    }

    public func start() async throws(CaptureError) -> AudioStream {
        try schedule.start("start the voice-like tone")
        let voice = Voice()
        let chunks = MediaSequence<AudioChunk, CaptureError> { [schedule] in
            let length = Duration.milliseconds(20)
            guard let (number, base) = await schedule.next(due: { length * ($0 + 1) }) else { return nil }
            return AudioChunk(
                format: Self.format, captureTime: base + length * number,
                samples: .int16(voice.speak(Self.samplesPerChunk)))
        }
        return AudioStream(
            description: "voice-like tone, 48 kHz mono", format: Self.format, chunks: chunks,
            isLive: pacing == .realTime)
    }

    public func stop() async {
        schedule.stop()
    }
}

extension VoiceLikeAudioSource {
    /// The synthesiser, which moves on with every chunk.
    private final class Voice: Sendable {
        private let synthesizer = Mutex(VoiceSynthesizer(sampleRate: VoiceLikeAudioSource.format.sampleRate))

        func speak(_ count: Int) -> [Int16] {
            synthesizer.withLock { $0.next(count) }
        }
    }
}
