/// A run of consecutive audio samples.
public struct AudioChunk: Sendable {
    /// Rate and channels.
    public var format: AudioFormat
    /// When the first sample was taken, on `CLOCK_MONOTONIC`.
    public var captureTime: MediaTime
    /// The samples, channels interleaved.
    public var samples: AudioSamples

    /// Creates a chunk. `samples` holds a whole number of sample frames.
    public init(format: AudioFormat, captureTime: MediaTime, samples: AudioSamples) {
        self.format = format
        self.captureTime = captureTime
        self.samples = samples
    }

    /// Number of sample frames (one sample of every channel each).
    public var frameCount: Int {
        format.channelCount > 0 ? samples.count / format.channelCount : 0
    }

    /// How long the chunk lasts.
    public var duration: Duration {
        guard format.sampleRate > 0 else { return .zero }
        return .nanoseconds(Int64(frameCount) * 1_000_000_000 / Int64(format.sampleRate))
    }
}

/// Interleaved samples.
public enum AudioSamples: Sendable {
    /// Signed 16-bit, full scale ±32,768.
    case int16([Int16])
    /// 32-bit float, full scale ±1.
    case float32([Float])

    /// Number of samples over all channels.
    public var count: Int {
        switch self {
        case .int16(let samples): samples.count
        case .float32(let samples): samples.count
        }
    }
}
