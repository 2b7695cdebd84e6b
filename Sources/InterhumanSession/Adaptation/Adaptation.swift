/// The encoder was stepped down or up for the uplink.
public struct Adaptation: Sendable, Hashable {
    /// The step before, as an index of ``AdaptationPolicy/levels``; 0 is what was asked for.
    public var from: Int
    /// The step in force.
    public var to: Int
    /// What it is.
    public var level: AdaptationLevel

    /// Creates an account of a step.
    public init(from: Int, to: Int, level: AdaptationLevel) {
        self.from = from
        self.to = to
        self.level = level
    }
}
