public import InterhumanCore

/// How one connection of a ``SimulatedConnector`` behaves, in time and bytes.
///
/// ```swift
/// var link = SimulatedLink()
/// link.bytesPerSecond = 40_000
/// link.breaksAfterBytes = 123_456     // in the middle of a message
/// ```
public struct SimulatedLink: Sendable {
    /// How the attempt to connect goes.
    public var opening = Opening.opens
    /// How long it takes until then.
    public var openingTime = Duration.zero
    /// Bytes that the handshake counts for in ``breaksAfterBytes``.
    public var handshakeBytes = 400
    /// What `session.ready` says; nil for a service that sends none.
    public var ready: SessionReady? = SessionReady()
    /// How fast the network takes what is sent; nil for at once.
    public var bytesPerSecond: Double?
    /// How fast it is from so long after its opening on, instead.
    public var speedChanges: [(after: Duration, bytesPerSecond: Double?)] = []
    /// After so many bytes the connection breaks, in the middle of whatever is being sent.
    public var breaksAfterBytes: Int?
    /// After so many bytes the network takes nothing more.
    public var stallsAfterBytes: Int?
    /// After so long the connection ends.
    public var endsAfter: Duration?
    /// How it breaks or ends.
    public var ending = ConnectionEnding(closeCode: 1006)
    /// What the service says right before.
    public var lastWords: ServiceError?
    /// Messages after the n-th segment, counted from 1.
    public var messages: [Int: [ServerMessage]] = [:]
    /// Whether each segment is answered with an `engagement.updated` whose `start` is where the segment begins and whose
    /// `end` is where it ends, in the seconds of the connection.
    public var answersSegments = true
    /// What `session.close` leads to.
    public var drain = Drain.orderly(after: .zero)

    /// Creates a link on which all goes well at once.
    public init() {}

    /// How an attempt to connect goes.
    public enum Opening: Sendable {
        /// The connection opens.
        case opens
        /// It is refused.
        case refuses(ConnectionError)
        /// Nothing happens until the caller is cancelled.
        case hangs
    }

    /// What `session.close` leads to.
    public enum Drain: Sendable {
        /// `session.closing`, after a time `session.ended`, the close.
        case orderly(after: Duration)
        /// `session.closing` with this limit, then nothing.
        case announcedOnly(seconds: Double)
        /// The connection is closed without a word.
        case closes
        /// Nothing.
        case silence
        /// A message every second, without end.
        case chatter
        /// `session.closing`, after a time the connection breaks as ``SimulatedLink/ending`` says.
        case breaks(after: Duration)
    }
}
