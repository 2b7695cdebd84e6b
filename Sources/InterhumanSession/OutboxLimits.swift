/// How much encoded media may wait for the network.
///
/// When it is full, a source that can wait is made to wait; for a live one the oldest segments are dropped whole, and
/// a ``SessionEvent/Kind/segmentsDropped(_:)`` says which.
public struct OutboxLimits: Sendable, Hashable {
    /// Segments that may wait. Default 32.
    public var maximumSegments: Int
    /// Bytes that may wait; a single larger segment is taken when nothing else waits. Default 64 MiB.
    public var maximumBytes: Int

    /// Creates limits; `maximumBytes` is in bytes.
    public init(maximumSegments: Int = 32, maximumBytes: Int = 64 << 20) {
        self.maximumSegments = maximumSegments
        self.maximumBytes = maximumBytes
    }
}
