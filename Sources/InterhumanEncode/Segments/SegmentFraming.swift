/// How the encoded stream is divided into messages; the names are those of `PROTOCOL.md`.
public struct SegmentFraming: RawRepresentable, Hashable, Sendable {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// One container stream: the header in the first message, whole keyframe-led clusters in each, times that never
    /// restart.
    public static let continuous = SegmentFraming(rawValue: "continuous")
    /// Every message is a complete file with times from 0. A segment's `header` is then empty. The service wants at
    /// least 3 s in each, so segments last at least 3.2 s, but for the last one.
    public static let selfContained = SegmentFraming(rawValue: "selfContained")
    /// Header and keyframe-led clusters in every message, with continuing times: each decodes alone and all decode
    /// joined. A segment's `header` is then empty and its `body` begins with one.
    public static let prefixed = SegmentFraming(rawValue: "prefixed")
}
