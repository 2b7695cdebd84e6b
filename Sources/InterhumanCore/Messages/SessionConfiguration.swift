/// What a session asks of the service: the configuration frame.
///
/// Each frame replaces `include` and `goalDimensions`; an omitted `model` or `audioFormat` keeps its value, and
/// they may change only before the first media.
public struct SessionConfiguration: Sendable, Hashable {
    /// Results to send beyond signals and engagement.
    public var include: [AnalysisOutput]
    /// Dimensions to give feedback on; nil omits the field.
    public var goalDimensions: [GoalDimension]?
    /// The model, on v2 only; nil omits the field.
    public var model: AnalysisModel?
    /// Set when media messages are raw samples instead of containers (v2, `inter-2-audio`); nil omits the field.
    public var audioFormat: RawAudioFormat?

    /// Creates a configuration. By default the service sends everything that costs nothing more.
    public init(
        include: [AnalysisOutput] = [.conversationQualityOverall, .conversationQualityTimeline],
        goalDimensions: [GoalDimension]? = nil, model: AnalysisModel? = nil, audioFormat: RawAudioFormat? = nil
    ) {
        self.include = include
        self.goalDimensions = goalDimensions
        self.model = model
        self.audioFormat = audioFormat
    }
}

/// `audio_format`: signed 16-bit little-endian mono samples.
public struct RawAudioFormat: Sendable, Hashable {
    /// Sample rate in Hz: 16,000 or 24,000.
    public var sampleRate: Int

    /// Creates a format; `sampleRate` is in Hz.
    public init(sampleRate: Int) {
        self.sampleRate = sampleRate
    }
}
