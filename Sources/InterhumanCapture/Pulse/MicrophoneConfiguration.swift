public import InterhumanCore

/// What to ask of a microphone.
public struct MicrophoneConfiguration: Sendable, Hashable {
    /// Wanted rate and channels; the server converts. One channel, 48 kHz.
    public var format = AudioFormat(sampleRate: 48_000, channelCount: 1)
    /// How much sound comes at once. The server may grant another length; about 2 s would be its own default.
    public var fragment: Duration = .milliseconds(20)
    /// Whether the recording follows when the user chooses another default source. Without effect on a named one.
    public var followsDefault = true
    /// Whether the server may move the recording to another source.
    public var mayMove = true
    /// How long nothing may come from a source that isn't suspended before the recording is opened afresh.
    public var stallTimeout: Duration = .seconds(3)
    /// After how much sound of nothing but zeros ``MicrophoneEvent/silent`` is sent.
    public var silenceTimeout: Duration = .seconds(5)
    /// How long to try to reach a server that went away before the recording fails. A try that has begun is not cut short:
    /// a server that accepts but doesn't answer has 30 s for each step.
    public var reconnectTimeout: Duration = .seconds(30)

    /// Creates a configuration of defaults.
    public init() {}
}
