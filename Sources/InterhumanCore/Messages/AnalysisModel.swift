/// An analysis model (`model`), selectable on v2.
public enum AnalysisModel: OpenEnumeration {
    /// Picture and sound.
    case inter2
    /// Sound only.
    case inter2Audio
    /// For uploads; not available for streams.
    case inter2Deep
    /// A name that this version doesn't know, as it came.
    case unknown(String)

    public init(rawValue: String) {
        self =
            switch rawValue {
            case "inter-2": .inter2
            case "inter-2-audio": .inter2Audio
            case "inter-2-deep": .inter2Deep
            default: .unknown(rawValue)
            }
    }

    public var rawValue: String {
        switch self {
        case .inter2: "inter-2"
        case .inter2Audio: "inter-2-audio"
        case .inter2Deep: "inter-2-deep"
        case .unknown(let name): name
        }
    }

    /// Every name that this version knows.
    public static let known: [AnalysisModel] = [
        .inter2, .inter2Audio, .inter2Deep,
    ]
}
