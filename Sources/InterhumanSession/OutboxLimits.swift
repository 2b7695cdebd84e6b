/// How much encoded media may wait for the network, and what happens when it is full.
///
/// A source that can wait (a file) is always made to wait. For a live one, ``whenFull`` decides.
public struct OutboxLimits: Sendable, Hashable {
    /// Segments that may wait. Default 64.
    public var maximumSegments: Int
    /// Bytes that may wait; a single larger segment is taken when nothing else waits. Default 64 MiB.
    public var maximumBytes: Int
    /// How long live media may wait before it is dropped; nil for as long as there is room. Default 30 s: results about
    /// what is longer past help few. Only ``WhenFull/dropOldest`` drops by age.
    public var maximumAge: Duration?
    /// What happens to live media when there is no room.
    public var whenFull = WhenFull.dropOldest

    /// What a session does with live media that has no room.
    public enum WhenFull: Sendable, Hashable, CaseIterable {
        /// The oldest segments go, whole, so that results stay close to what happens now.
        case dropOldest
        /// Nothing more is encoded until half of the room is free again, so that what was captured first is kept.
        case stopCapturing
        /// The session ends with ``SessionError/Code/outboxFull``.
        case fail
    }

    /// Creates limits; `maximumBytes` is in bytes.
    public init(
        maximumSegments: Int = 64, maximumBytes: Int = 64 << 20, maximumAge: Duration? = .seconds(30)
    ) {
        self.maximumSegments = maximumSegments
        self.maximumBytes = maximumBytes
        self.maximumAge = maximumAge
    }
}
