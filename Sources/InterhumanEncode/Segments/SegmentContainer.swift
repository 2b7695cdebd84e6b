/// What the tracks are wrapped in; the names are those of the command line.
public struct SegmentContainer: RawRepresentable, Hashable, Sendable, CaseIterable {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// WebM. Usual codecs: VP9 and Opus.
    public static let webM = SegmentContainer(rawValue: "webm")
    /// Fragmented MP4: one `moof` and `mdat` a segment. Usual codecs: H.264 and AAC.
    public static let fragmentedMP4 = SegmentContainer(rawValue: "fmp4")
    /// Complete MP4 files, their index at the end. Usual codecs: H.264 and AAC.
    public static let mp4 = SegmentContainer(rawValue: "mp4")
    /// MPEG transport stream. Each segment begins with its tables, so that there is no separate header. Codecs: H.264
    /// and AAC.
    public static let mpegTS = SegmentContainer(rawValue: "mpegts")

    public static let allCases: [SegmentContainer] = [.webM, .fragmentedMP4, .mp4, .mpegTS]

    /// The name for people.
    var name: String {
        switch self {
        case .webM: "WebM"
        case .fragmentedMP4: "fragmented MP4"
        case .mp4: "MP4"
        case .mpegTS: "MPEG-TS"
        default: rawValue
        }
    }

    /// Codecs for pictures that it holds, the usual one first.
    var videoCodecs: [VideoCodec] {
        switch self {
        case .webM: [.vp9, .vp8, .av1]
        case .fragmentedMP4, .mp4: [.h264, .av1, .vp9]
        default: [.h264]
        }
    }

    /// Codecs for sound that it holds, the usual one first.
    var audioCodecs: [AudioCodec] {
        switch self {
        case .webM: [.opus]
        case .fragmentedMP4, .mp4: [.aac, .opus]
        default: [.aac]
        }
    }

    /// Whether it keeps the codecs' headers apart from the packets.
    var hasGlobalHeader: Bool { self != .mpegTS }

    /// Why it can't hold others.
    var restriction: String {
        switch self {
        case .webM: "WebM is Matroska with VP8, VP9 or AV1 and Opus alone; fmp4 takes the rest"
        case .fragmentedMP4, .mp4: "MP4 has no settled way to hold it"
        default: "few receivers read anything but H.264 and AAC in MPEG-TS"
        }
    }
}
