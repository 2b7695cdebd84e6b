/// Messages that are sent to an echo and must come back as they are.
enum Samples {
    /// Empty, short, with several scripts and a NUL, and one that takes several frames, twice in a row: what was sent
    /// before is in the compression's window.
    static let texts = ["", "hello", "Grüße, 世界 👋 \0", longText, longText]
    /// Empty, not UTF-8, and more than 1 MiB.
    static let binaries = [[], [0, 0xFF, 0x80], media]
    /// What `peer.py` sends as SPLIT_TEXT.
    static let splitText = "Grüße, 👋"
    /// What `peer.py` sends as BINARY.
    static let media = (0..<(1_048_576 + 17)).map { UInt8($0 * 31 % 251) }

    private static let longText = String(repeating: "Grüße, 世界 👋 ", count: 20_000)
}
