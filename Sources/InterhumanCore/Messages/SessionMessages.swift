/// `session.ready`: limits and options of an accepted session. Every field may be missing.
public struct SessionReady: Sendable, Hashable {
    /// Seconds without media after which the service ends the session.
    public var sessionIdleTimeoutSeconds: Double?
    /// Seconds after which the service ends any session.
    public var sessionMaxDurationSeconds: Double?
    /// Longest segment, in seconds.
    public var maxSegmentDurationSeconds: Double?
    /// Shortest segment, in seconds.
    public var minSegmentDurationSeconds: Double?
    /// Smallest message, in bytes.
    public var minSegmentSizeBytes: Int?
    /// Largest message, in bytes.
    public var maxSegmentSizeBytes: Int?
    /// What a session configuration may ask for.
    public var supportedOptions: SupportedSessionOptions?

    /// Creates a message without any field.
    public init() {}
}

/// `supported_session_config_options`. A nil list was null or missing.
public struct SupportedSessionOptions: Sendable, Hashable {
    /// Results that may be asked for.
    public var include: [AnalysisOutput]?
    /// Goal dimensions that may be set.
    public var goalDimensions: [GoalDimension]?
    /// Models that may be selected.
    public var model: [AnalysisModel]?

    /// Creates a set of options.
    public init(
        include: [AnalysisOutput]? = nil, goalDimensions: [GoalDimension]? = nil, model: [AnalysisModel]? = nil
    ) {
        self.include = include
        self.goalDimensions = goalDimensions
        self.model = model
    }
}

/// `session.updated`: the configuration now in effect.
public struct SessionUpdated: Sendable, Hashable {
    /// Results that will be sent.
    public var include: [AnalysisOutput]
    /// Goal dimensions in force.
    public var goalDimensions: [GoalDimension]?
    /// The model in use.
    public var model: AnalysisModel?

    /// Creates an acknowledgement.
    public init(include: [AnalysisOutput], goalDimensions: [GoalDimension]? = nil, model: AnalysisModel? = nil) {
        self.include = include
        self.goalDimensions = goalDimensions
        self.model = model
    }
}

/// `session.closing`: the service accepted the request to close and finishes its work.
public struct SessionClosing: Sendable, Hashable {
    /// Seconds that it may take at the most.
    public var maxDrainSeconds: Double

    /// Creates a message; `maxDrainSeconds` is in seconds.
    public init(maxDrainSeconds: Double) {
        self.maxDrainSeconds = maxDrainSeconds
    }
}

/// `session.ended`.
public struct SessionEnded: Sendable, Hashable {
    /// Why: `client_shutdown`, …
    public var reason: String

    /// Creates a message.
    public init(reason: String) {
        self.reason = reason
    }
}
