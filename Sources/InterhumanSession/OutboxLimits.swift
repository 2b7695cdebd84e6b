/// How much encoded media may wait for the network, and what happens when it is full.
///
/// A source that can wait (a file) is always made to wait. For a live one, ``whenFull`` decides.
public struct OutboxLimits: Sendable, Hashable {
    /// Segments that may wait. Default 64.
    public var maximumSegments: Int
    /// Bytes that may wait; a single larger segment is taken when nothing else waits. Default 64 MiB.
    public var maximumBytes: Int
    /// How long live media may wait before it is dropped; nil for as long as there is room. Default 30 s: results about
    /// what is longer past help few.
    public var maximumAge: Duration?

    /// Creates limits; `maximumBytes` is in bytes.
    public init(
        maximumSegments: Int = 64, maximumBytes: Int = 64 << 20, maximumAge: Duration? = .seconds(30)
    ) {
        self.maximumSegments = maximumSegments
        self.maximumBytes = maximumBytes
        self.maximumAge = maximumAge
    }
}
