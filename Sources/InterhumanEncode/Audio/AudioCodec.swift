/// A codec for sound; the names are those of the command line.
public struct AudioCodec: RawRepresentable, Hashable, Sendable, CaseIterable {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Opus by libopus, in packets of 20 ms.
    public static let opus = AudioCodec(rawValue: "opus")
    /// AAC-LC by FFmpeg, in packets of 1024 samples.
    public static let aac = AudioCodec(rawValue: "aac")

    public static let allCases: [AudioCodec] = [.opus, .aac]

    /// The name for people.
    var name: String {
        switch self {
        case .opus: "Opus"
        case .aac: "AAC"
        default: rawValue
        }
    }

    /// FFmpeg's name of the encoder.
    var encoderName: String { self == .aac ? "aac" : "libopus" }

    /// How many packets before a cut a decoder wants to hear before what comes out is right: 80 ms of Opus
    /// (RFC 7845, section 4.6), and the packet that overlaps with the first of AAC.
    var prerollCount: Int { self == .aac ? 1 : 4 }
}
