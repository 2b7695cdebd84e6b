/// A half-open range of media time: `start` belongs to it, `end` does not.
public struct TimeRange: Sendable, Hashable {
    /// The first instant.
    public var start: MediaTime
    /// The instant after the last.
    public var end: MediaTime

    /// Creates a range; an `end` before `start` makes it empty.
    public init(start: MediaTime, end: MediaTime) {
        self.start = start
        self.end = max(start, end)
    }

    /// The length of the range.
    public var duration: Duration {
        end - start
    }
}
