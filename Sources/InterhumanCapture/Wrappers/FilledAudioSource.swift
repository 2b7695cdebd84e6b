public import InterhumanCore

/// A live audio source whose gaps are filled with silence on the same timeline, so that a session keeps both tracks
/// while a microphone gives nothing, and after it failed for good where the policy says so.
///
/// ``MicrophoneSource`` fills what its server loses by itself, and what is missing while the server is away. This is
/// for what comes after, and for sources of your own. A source that can wait, such as a file, passes untouched.
public final class FilledAudioSource: AudioSource {
    private let base: any AudioSource
    private let filling: Filling<SilenceTrack>

    /// Creates a source over `base`.
    ///
    /// - Parameters:
    ///   - base: a live source.
    ///   - policy: when it counts as missing.
    ///   - clock: the clock that it stamps its samples with.
    public init(
        _ base: any AudioSource, policy: FillingPolicy = FillingPolicy(), clock: any MediaClock = SystemClock()
    ) {
        self.base = base
        filling = Filling(policy: policy, clock: clock)
    }

    /// When filling begins and ends. One consumer.
    public var events: MediaSequence<FillingEvent, Never> { filling.events }

    /// The counters so far, in sample frames.
    public var statistics: FillingStatistics { filling.statistics }

    public func start() async throws(CaptureError) -> AudioStream {
        var stream = try await base.start()
        guard stream.isLive else { return stream }
        let monitor = stream.monitor ?? SourceMonitor()
        stream.monitor = monitor
        stream.chunks = filling.fill(
            stream.chunks, of: SilenceTrack(format: stream.format, start: filling.now), reportingTo: monitor)
        return stream
    }

    public func stop() async {
        await base.stop()
        filling.stop()
    }
}

/// Puts silence in, to the sample.
struct SilenceTrack: FillableTrack {
    /// Sample frames that a gap's edges may be off without anybody's cutting or padding: the rounding of times.
    private static let tolerance = 2
    /// Length of a piece of silence.
    private static let piece: Duration = .milliseconds(20)

    private var format: AudioFormat
    private(set) var end: MediaTime?

    /// A track that begins at `start` when nothing comes.
    init(format: AudioFormat, start: MediaTime) {
        self.format = format
        end = start
    }

    mutating func take(_ chunk: AudioChunk) {
        format = chunk.format
        end = chunk.captureTime + chunk.duration
    }

    mutating func fill() -> (element: AudioChunk, count: UInt64)? {
        guard let end else { return nil }
        let silence = silence(frames: max(1, format.frames(in: Self.piece)), at: end)
        take(silence)
        return (silence, UInt64(silence.frameCount))
    }

    mutating func fit(_ chunk: AudioChunk) -> Fit<AudioChunk> {
        guard let end else { return .now(chunk, skipped: 0) }
        let distance = chunk.format.frames(in: chunk.captureTime - end)
        if distance > Self.tolerance {
            // In pieces, so that a long gap is no huge chunk.
            let frames = min(distance, max(1, chunk.format.sampleRate / 10))
            return .after(silence(frames: frames, at: end), count: UInt64(frames))
        }
        guard distance < -Self.tolerance else { return .now(chunk, skipped: 0) }
        guard let rest = chunk.dropping(frames: -distance) else { return .nowhere(skipped: UInt64(chunk.frameCount)) }
        return .now(rest, skipped: UInt64(-distance))
    }

    private func silence(frames: Int, at time: MediaTime) -> AudioChunk {
        let samples = [Int16](repeating: 0, count: frames * max(1, format.channelCount))
        return AudioChunk(format: format, captureTime: time, samples: .int16(samples))
    }
}

extension AudioFormat {
    /// How many sample frames last so long, rounded.
    func frames(in duration: Duration) -> Int {
        Int((duration.inSeconds * Double(sampleRate)).rounded())
    }
}

extension AudioChunk {
    /// What is left without the first sample frames; nil for nothing.
    func dropping(frames: Int) -> AudioChunk? {
        guard frames < frameCount else { return nil }
        var rest = self
        let count = frames * format.channelCount
        switch samples {
        case .int16(let all): rest.samples = .int16(Array(all.dropFirst(count)))
        case .float32(let all): rest.samples = .float32(Array(all.dropFirst(count)))
        }
        rest.captureTime = captureTime + .nanoseconds(Int64(frames) * 1_000_000_000 / Int64(max(1, format.sampleRate)))
        return rest
    }
}
