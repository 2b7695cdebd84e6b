import InterhumanCore

/// Encoded segments on their way to the network, in order and bounded. Pure: waiting for room or for segments is its
/// owner's matter.
///
/// A segment that is being sent stays in until the network has taken it, so that another connection can send it again
/// when the first one breaks; it is never dropped meanwhile.
struct Outbox: Sendable {
    /// A segment that waits.
    struct Entry: Sendable {
        /// Running number within the session, from 0.
        var number: Int
        var segment: MediaSegment
        /// Whether the container begins anew with it.
        var beginsStream: Bool
        var queuedAt: MediaTime
        /// The session that captured it; nil for this one. One connection carries one session's media only, because the
        /// service counts from the connection's first.
        var run: Int64?
        /// Its place in the spool.
        var spoolID: UInt64?
        /// How often it was in flight when a connection ended.
        var failedAttempts = 0
        /// Whether the service ended a connection because of its size.
        var isRefused = false
    }

    private let limits: OutboxLimits
    private var entries: [Entry] = []
    private var nextNumber = 0
    /// Whether the first entry is being sent.
    private var isFirstInFlight = false
    /// Bytes that wait, those being sent included.
    private(set) var byteCount = 0
    /// Most segments that ever waited at once.
    private(set) var peakCount = 0
    /// Whether no more segments will come.
    var isFinished = false

    init(limits: OutboxLimits) {
        self.limits = limits
    }

    /// Segments that wait, those being sent included.
    var count: Int { entries.count }

    var isEmpty: Bool { entries.isEmpty }

    /// The oldest segment.
    var first: Entry? { entries.first }

    /// Whether a segment may be added without dropping any.
    func hasRoom(for segment: MediaSegment) -> Bool {
        entries.isEmpty
            || entries.count < limits.maximumSegments && byteCount + Self.size(segment) <= limits.maximumBytes
    }

    /// Whether half of the room is free.
    var hasAmpleRoom: Bool {
        entries.count <= limits.maximumSegments / 2 && byteCount <= limits.maximumBytes / 2
    }

    /// Adds a segment.
    mutating func append(
        _ segment: MediaSegment, beginsStream: Bool, at now: MediaTime, run: Int64? = nil, spoolID: UInt64? = nil
    ) {
        entries.append(
            Entry(
                number: nextNumber, segment: segment, beginsStream: beginsStream, queuedAt: now, run: run,
                spoolID: spoolID))
        nextNumber += 1
        byteCount += Self.size(segment)
        peakCount = max(peakCount, entries.count)
    }

    /// Removes the oldest segments until one more has room; gives what had to go.
    mutating func makeRoom(for segment: MediaSegment) -> [Entry] {
        var dropped: [Entry] = []
        while !hasRoom(for: segment), let entry = removeOldest() { dropped.append(entry) }
        return dropped
    }

    /// Removes the segments that have waited too long.
    mutating func removeExpired(at now: MediaTime) -> [Entry] {
        guard let age = limits.maximumAge else { return [] }
        var dropped: [Entry] = []
        while let oldest = entries.dropFirst(isFirstInFlight ? 1 : 0).first, now - oldest.queuedAt > age,
            let entry = removeOldest()
        {
            dropped.append(entry)
        }
        return dropped
    }

    /// The first segment is being sent.
    mutating func beginSending() {
        isFirstInFlight = !entries.isEmpty
    }

    /// The first segment was taken by the network.
    mutating func confirmSent() {
        guard isFirstInFlight else { return }
        isFirstInFlight = false
        remove(at: 0)
    }

    /// The first segment was not taken; it stays the first.
    mutating func sendingFailed() {
        guard isFirstInFlight else { return }
        isFirstInFlight = false
        entries[0].failedAttempts += 1
    }

    /// The service will not take the first segment.
    mutating func refuseFirst() {
        guard !entries.isEmpty else { return }
        entries[0].isRefused = true
    }

    /// Removes the first segment, which is not being sent.
    mutating func removeFirst() -> Entry? {
        isFirstInFlight ? nil : removeOldest()
    }

    /// Removes everything.
    mutating func removeAll() -> [Entry] {
        defer { (entries, byteCount, isFirstInFlight) = ([], 0, false) }
        return entries
    }

    private mutating func removeOldest() -> Entry? {
        let index = isFirstInFlight ? 1 : 0
        guard entries.indices.contains(index) else { return nil }
        // What follows is part of the same container, whose beginning must not get lost with its first segment.
        if entries[index].beginsStream, entries.indices.contains(index + 1) { entries[index + 1].beginsStream = true }
        return remove(at: index)
    }

    @discardableResult
    private mutating func remove(at index: Int) -> Entry {
        let entry = entries.remove(at: index)
        byteCount -= Self.size(entry.segment)
        return entry
    }

    /// The header is kept with every segment, but shared by all of an encoder's.
    private static func size(_ segment: MediaSegment) -> Int { segment.byteCount }
}
