/// A result that is sent only when asked for (`include`).
public enum AnalysisOutput: OpenEnumeration {
    /// Scores for everything so far.
    case conversationQualityOverall
    /// Scores for stretches of time.
    case conversationQualityTimeline
    /// A name that this version doesn't know, as it came.
    case unknown(String)

    public init(rawValue: String) {
        self =
            switch rawValue {
            case "conversation_quality_overall": .conversationQualityOverall
            case "conversation_quality_timeline": .conversationQualityTimeline
            default: .unknown(rawValue)
            }
    }

    public var rawValue: String {
        switch self {
        case .conversationQualityOverall: "conversation_quality_overall"
        case .conversationQualityTimeline: "conversation_quality_timeline"
        case .unknown(let name): name
        }
    }

    /// Every name that this version knows.
    public static let known: [AnalysisOutput] = [
        .conversationQualityOverall, .conversationQualityTimeline,
    ]
}
