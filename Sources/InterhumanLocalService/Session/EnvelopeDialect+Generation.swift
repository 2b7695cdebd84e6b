public import InterhumanWire

extension EnvelopeDialect {
    /// The dialect of a generation by its letter: a, b or c.
    public init?(generation: String) {
        switch generation.lowercased() {
        case "a": self = .legacySegments
        case "b": self = .cumulative
        case "c": self = .current
        default: return nil
        }
    }
}
