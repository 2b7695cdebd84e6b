/// What a peer may send over an open WebSocket before the connection is failed.
public struct WebSocketLimits: Sendable, Hashable {
    /// Largest payload of a frame, in bytes. 32 MiB: the largest message may come in a single frame.
    public var framePayload = 33_554_432
    /// Largest message, in bytes, after inflating. 32 MiB (33,554,432 bytes): what the service takes as
    /// `max_segment_size_bytes`, and twice what the Autobahn suite sends.
    public var message = 33_554_432
    /// Most frames of a message. 131,072: twice what the Autobahn suite sends; a peer that cuts 32 MiB into smaller
    /// pieces than 256 bytes wastes both sides' time.
    public var fragments = 131_072
    /// Most control frames that wait to be written. 64: pings that come faster than pongs can be written are answered
    /// for the most recent one only, as RFC 6455 section 5.5.3 allows.
    public var queuedControlFrames = 64

    /// The defaults.
    public init() {}
}
