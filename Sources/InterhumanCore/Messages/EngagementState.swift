/// Attention over a stretch of time (`engagement.updated`, `state`).
public enum EngagementState: OpenEnumeration {
    /// `engaged`
    case engaged
    /// `neutral`
    case neutral
    /// `disengaged`
    case disengaged
    /// A name that this version doesn't know, as it came.
    case unknown(String)

    public init(rawValue: String) {
        self =
            switch rawValue {
            case "engaged": .engaged
            case "neutral": .neutral
            case "disengaged": .disengaged
            default: .unknown(rawValue)
            }
    }

    public var rawValue: String {
        switch self {
        case .engaged: "engaged"
        case .neutral: "neutral"
        case .disengaged: "disengaged"
        case .unknown(let name): name
        }
    }

    /// Every name that this version knows.
    public static let known: [EngagementState] = [
        .engaged, .neutral, .disengaged,
    ]
}
