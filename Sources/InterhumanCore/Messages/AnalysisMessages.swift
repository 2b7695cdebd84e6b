/// A signal as the service saw it (`signal.detected`, `signal.updated`). Times are the service's own seconds.
public struct SignalObservation: Sendable, Hashable {
    /// Which signal.
    public var type: SignalType
    /// When it began, in seconds.
    public var start: Double
    /// When it ended, in seconds, where the service says so at once.
    public var end: Double?
    /// How sure the service is.
    public var probability: SignalProbability?
    /// Why, in words.
    public var rationale: String?
    /// What it was read from.
    public var modality: [SignalModality]?

    /// Creates an observation. Times are in seconds.
    public init(
        type: SignalType, start: Double, end: Double? = nil, probability: SignalProbability? = nil,
        rationale: String? = nil, modality: [SignalModality]? = nil
    ) {
        self.type = type
        self.start = start
        self.end = end
        self.probability = probability
        self.rationale = rationale
        self.modality = modality
    }
}

/// The end of the active signal of a type (`signal.ended`).
public struct SignalEnd: Sendable, Hashable {
    /// Which signal; one of a type is active at a time.
    public var type: SignalType
    /// When it ended, in the service's seconds.
    public var end: Double

    /// Creates a message; `end` is in seconds.
    public init(type: SignalType, end: Double) {
        self.type = type
        self.end = end
    }
}

/// `engagement.updated`.
public struct EngagementUpdate: Sendable, Hashable {
    /// The state entered.
    public var state: EngagementState
    /// From when, in the service's seconds.
    public var start: Double?
    /// Until when, in the service's seconds, where it says so.
    public var end: Double?

    /// Creates a message. Times are in seconds.
    public init(state: EngagementState, start: Double?, end: Double? = nil) {
        self.state = state
        self.start = start
        self.end = end
    }
}

/// `conversation_quality.updated`.
public struct ConversationQualityUpdate: Sendable, Hashable {
    /// Scores for everything so far.
    public var overall: ConversationQuality?
    /// Scores for stretches of time.
    public var timeline: [ConversationQualityInterval]?

    /// Creates a message.
    public init(overall: ConversationQuality? = nil, timeline: [ConversationQualityInterval]? = nil) {
        self.overall = overall
        self.timeline = timeline
    }
}

/// Scores from 0 to 100; 50 means no evidence either way.
public struct ConversationQuality: Sendable, Hashable {
    /// `quality_index`.
    public var qualityIndex: Double
    /// `clarity`, as the service scores it.
    public var clarity: Double
    /// `authority`, as the service scores it.
    public var authority: Double
    /// `energy`, as the service scores it.
    public var energy: Double
    /// `rapport`, as the service scores it.
    public var rapport: Double
    /// `learning`, as the service scores it.
    public var learning: Double

    /// Creates a set of scores, each from 0 to 100.
    public init(
        qualityIndex: Double, clarity: Double, authority: Double, energy: Double, rapport: Double, learning: Double
    ) {
        self.qualityIndex = qualityIndex
        self.clarity = clarity
        self.authority = authority
        self.energy = energy
        self.rapport = rapport
        self.learning = learning
    }
}

/// Scores for a stretch of time.
public struct ConversationQualityInterval: Sendable, Hashable {
    /// From, in the service's seconds.
    public var start: Double
    /// To, in the service's seconds.
    public var end: Double
    /// The scores.
    public var values: ConversationQuality

    /// Creates an interval. Times are in seconds.
    public init(start: Double, end: Double, values: ConversationQuality) {
        self.start = start
        self.end = end
        self.values = values
    }
}

/// `feedback.generated`.
public struct Feedback: Sendable, Hashable {
    /// The text.
    public var text: String

    /// Creates a message.
    public init(text: String) {
        self.text = text
    }
}

/// `coverage.dropped` and `coverage.degraded`.
public struct Coverage: Sendable, Hashable {
    /// The stretches concerned, in the service's seconds.
    public var ranges: [CoverageRange]
    /// Why, where the service says so (`video_gap`).
    public var reason: String?

    /// Creates a message.
    public init(ranges: [CoverageRange], reason: String? = nil) {
        self.ranges = ranges
        self.reason = reason
    }
}

/// A stretch of the service's time, in seconds.
public struct CoverageRange: Sendable, Hashable {
    /// Where it begins, in seconds of the service's time.
    public var start: Double
    /// Where it ends, in seconds of the service's time.
    public var end: Double

    /// Creates a stretch. Times are in seconds.
    public init(start: Double, end: Double) {
        self.start = start
        self.end = end
    }
}
