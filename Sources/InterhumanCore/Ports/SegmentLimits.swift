/// What the service says of segments (`session.ready`); nil where it says nothing.
public struct SegmentLimits: Sendable, Hashable {
    /// Largest message, in bytes, the container's header included.
    public var maximumBytes: Int?
    /// Longest segment.
    public var maximumDuration: Duration?
    /// Shortest segment. The last one of a stream may be shorter where padding it is impossible.
    public var minimumDuration: Duration?

    /// Creates limits; see the properties for units.
    public init(maximumBytes: Int? = nil, maximumDuration: Duration? = nil, minimumDuration: Duration? = nil) {
        self.maximumBytes = maximumBytes
        self.maximumDuration = maximumDuration
        self.minimumDuration = minimumDuration
    }
}
