/// How a session changes to a new connection before the service ends the old one by its maximum duration.
public struct RolloverPolicy: Sendable, Hashable {
    /// In which order.
    public var order: Order = .automatic
    /// How long before the maximum duration, but at most 40 % of it. Default 2 min.
    public var lead: Duration = .seconds(120)

    /// Creates the default policy.
    public init() {}

    /// In which order connections change.
    public enum Order: Sendable, Hashable {
        /// The new one opens first; where the service allows the credential one session only (ih3002), the old one is
        /// drained first from then on.
        case automatic
        /// The old one is drained first; media waits in the outbox meanwhile.
        case drainFirst
    }
}
