public import InterhumanCore

/// Keeps queued segments where they survive the end of the process, for the next start. ``DiskSpool`` is one.
///
/// A session opens it once, appends each segment when it is queued, and says before and after each is sent. Order is the
/// order of calls.
public protocol SegmentSpool: Sendable {
    /// Takes hold of the spool and gives what an earlier process left, oldest first.
    ///
    /// - Throws: ``SpoolError``: `busy` when another process holds it.
    func open() async throws(SpoolError) -> [SpooledSegment]

    /// Keeps a segment.
    ///
    /// - Throws: ``SpoolError``: `full` when it would exceed its limit; the segment is not kept then.
    func append(_ segment: SpooledSegment) async throws(SpoolError)

    /// Notes that a segment is about to be sent; returns when that would survive the end of the process.
    ///
    /// - Throws: ``SpoolError``, also of a mark before this one that nobody was told of.
    func markSending(_ id: UInt64) async throws(SpoolError)

    /// Notes that a segment was not sent after all. Returns at once.
    func markWaiting(_ id: UInt64)

    /// Lets segments go that were sent or given up. Returns at once.
    func remove(_ ids: [UInt64])

    /// Writes what is left to write and lets go of the spool. Harmless twice.
    ///
    /// - Throws: ``SpoolError``, also of what was noted before and nobody was told of. The spool is let go all the same.
    func close() async throws(SpoolError)
}

/// A segment in a spool.
public struct SpooledSegment: Sendable, Hashable {
    /// Which one: unique in its spool, growing.
    public var id: UInt64
    /// The session that captured it, as the nanoseconds since 1970 when it began.
    public var run: Int64
    /// When its media begins on the wall clock.
    public var wallClock: WallClockTime
    /// The segment; its times are on the capture clock of its own session.
    public var segment: MediaSegment
    /// Whether it was being sent when its process ended: it may have arrived or not.
    public var wasBeingSent: Bool

    /// Creates an entry.
    public init(id: UInt64, run: Int64, wallClock: WallClockTime, segment: MediaSegment, wasBeingSent: Bool = false) {
        self.id = id
        self.run = run
        self.wallClock = wallClock
        self.segment = segment
        self.wasBeingSent = wasBeingSent
    }
}

/// A spool can't keep what it should.
public struct SpoolError: InterhumanError {
    public var code: Code
    public var operation: String
    public var message: String
    public var underlying: String?

    /// Creates an error; see `InterhumanError` for the parts.
    public init(_ code: Code, operation: String, message: String, underlying: String? = nil) {
        self.code = code
        self.operation = operation
        self.message = message
        self.underlying = underlying
    }

    /// Kinds of failure.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public var rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Another process holds the spool.
        public static let busy = Code(rawValue: "busy")
        /// The spool's limit is reached.
        public static let full = Code(rawValue: "full")
        /// The operating system failed; `underlying` says how.
        public static let system = Code(rawValue: "system")
    }
}
