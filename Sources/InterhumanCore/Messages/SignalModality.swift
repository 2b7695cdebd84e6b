/// What a signal was read from (`modality`, v1 only).
public enum SignalModality: OpenEnumeration {
    /// `video`
    case video
    /// `audio`
    case audio
    /// A name that this version doesn't know, as it came.
    case unknown(String)

    public init(rawValue: String) {
        self =
            switch rawValue {
            case "video": .video
            case "audio": .audio
            default: .unknown(rawValue)
            }
    }

    public var rawValue: String {
        switch self {
        case .video: "video"
        case .audio: "audio"
        case .unknown(let name): name
        }
    }

    /// Every name that this version knows.
    public static let known: [SignalModality] = [
        .video, .audio,
    ]
}
