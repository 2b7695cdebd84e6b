/// A dimension of conversation quality to weigh (`goal_dimensions`).
public enum GoalDimension: OpenEnumeration {
    /// `clarity`
    case clarity
    /// `authority`
    case authority
    /// `energy`
    case energy
    /// `rapport`
    case rapport
    /// `learning`
    case learning
    /// A name that this version doesn't know, as it came.
    case unknown(String)

    public init(rawValue: String) {
        self =
            switch rawValue {
            case "clarity": .clarity
            case "authority": .authority
            case "energy": .energy
            case "rapport": .rapport
            case "learning": .learning
            default: .unknown(rawValue)
            }
    }

    public var rawValue: String {
        switch self {
        case .clarity: "clarity"
        case .authority: "authority"
        case .energy: "energy"
        case .rapport: "rapport"
        case .learning: "learning"
        case .unknown(let name): name
        }
    }

    /// Every name that this version knows.
    public static let known: [GoalDimension] = [
        .clarity, .authority, .energy, .rapport, .learning,
    ]
}
