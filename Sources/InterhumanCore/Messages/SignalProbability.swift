/// How sure the service is of a signal (`probability`).
public enum SignalProbability: OpenEnumeration {
    /// `high`
    case high
    /// `medium`
    case medium
    /// `low`
    case low
    /// A name that this version doesn't know, as it came.
    case unknown(String)

    public init(rawValue: String) {
        self =
            switch rawValue {
            case "high": .high
            case "medium": .medium
            case "low": .low
            default: .unknown(rawValue)
            }
    }

    public var rawValue: String {
        switch self {
        case .high: "high"
        case .medium: "medium"
        case .low: "low"
        case .unknown(let name): name
        }
    }

    /// Every name that this version knows.
    public static let known: [SignalProbability] = [
        .high, .medium, .low,
    ]
}
