/// How much CPU to spend on pictures. What each means for a codec, with its measured quality and cost, stands in
/// `Documentation/Encoding.md`.
public struct VideoPreset: RawRepresentable, Hashable, Sendable, CaseIterable {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The least CPU that still gives usable pictures.
    public static let fast = VideoPreset(rawValue: "fast")
    /// The most quality for its CPU. The default.
    public static let balanced = VideoPreset(rawValue: "balanced")
    /// The best picture that one core of a laptop keeps up with.
    public static let fine = VideoPreset(rawValue: "fine")

    public static let allCases: [VideoPreset] = [.fast, .balanced, .fine]
}
