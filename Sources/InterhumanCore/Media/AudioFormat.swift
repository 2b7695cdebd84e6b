/// The shape of an audio stream.
public struct AudioFormat: Sendable, Hashable {
    /// Sample frames a second, in Hz.
    public var sampleRate: Int
    /// Number of interleaved channels, in the order that WAVE and FFmpeg use for that number.
    public var channelCount: Int

    /// Creates a format; `sampleRate` is in Hz.
    public init(sampleRate: Int, channelCount: Int) {
        self.sampleRate = sampleRate
        self.channelCount = channelCount
    }
}
