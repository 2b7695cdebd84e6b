/// A social signal (`signal_type`).
public enum SignalType: OpenEnumeration {
    /// `agreement`
    case agreement
    /// `confidence`
    case confidence
    /// `confusion`
    case confusion
    /// `disagreement`
    case disagreement
    /// `disengagement`
    case disengagement
    /// `engagement`
    case engagement
    /// `frustration`
    case frustration
    /// `hesitation`
    case hesitation
    /// `interest`
    case interest
    /// `skepticism`
    case skepticism
    /// `stress`
    case stress
    /// `tension`
    case tension
    /// `uncertainty`
    case uncertainty
    /// A name that this version doesn't know, as it came.
    case unknown(String)

    public init(rawValue: String) {
        self =
            switch rawValue {
            case "agreement": .agreement
            case "confidence": .confidence
            case "confusion": .confusion
            case "disagreement": .disagreement
            case "disengagement": .disengagement
            case "engagement": .engagement
            case "frustration": .frustration
            case "hesitation": .hesitation
            case "interest": .interest
            case "skepticism": .skepticism
            case "stress": .stress
            case "tension": .tension
            case "uncertainty": .uncertainty
            default: .unknown(rawValue)
            }
    }

    public var rawValue: String {
        switch self {
        case .agreement: "agreement"
        case .confidence: "confidence"
        case .confusion: "confusion"
        case .disagreement: "disagreement"
        case .disengagement: "disengagement"
        case .engagement: "engagement"
        case .frustration: "frustration"
        case .hesitation: "hesitation"
        case .interest: "interest"
        case .skepticism: "skepticism"
        case .stress: "stress"
        case .tension: "tension"
        case .uncertainty: "uncertainty"
        case .unknown(let name): name
        }
    }

    /// Every name that this version knows.
    public static let known: [SignalType] = [
        .agreement, .confidence, .confusion, .disagreement, .disengagement, .engagement, .frustration, .hesitation,
        .interest, .skepticism, .stress, .tension, .uncertainty,
    ]
}
