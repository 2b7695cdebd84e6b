/// A codec for pictures; the names are those of the command line.
public struct VideoCodec: RawRepresentable, Hashable, Sendable, CaseIterable {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// VP9 by libvpx.
    public static let vp9 = VideoCodec(rawValue: "vp9")
    /// VP8 by libvpx: about two thirds of VP9's CPU for 1.5 to 2.5 dB less.
    public static let vp8 = VideoCodec(rawValue: "vp8")
    /// H.264 by libx264.
    public static let h264 = VideoCodec(rawValue: "h264")
    /// AV1 by SVT-AV1 or, where FFmpeg was built without it, libaom.
    public static let av1 = VideoCodec(rawValue: "av1")

    public static let allCases: [VideoCodec] = [.vp9, .vp8, .h264, .av1]

    /// The name for people.
    var name: String {
        switch self {
        case .vp9: "VP9"
        case .vp8: "VP8"
        case .h264: "H.264"
        case .av1: "AV1"
        default: rawValue
        }
    }
}
