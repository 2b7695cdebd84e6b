/// An instant on the machine's monotonic clock (`CLOCK_MONOTONIC`), in nanoseconds since an arbitrary epoch.
///
/// Cameras, microphones, encoder and session stamp everything with it, so that picture and sound share one clock
/// and wall-clock steps don't move them.
public struct MediaTime: Sendable, Hashable, Comparable {
    /// Nanoseconds since the clock's epoch.
    public var nanoseconds: Int64

    /// The clock's epoch.
    public static let zero = MediaTime(nanoseconds: 0)

    /// Creates an instant from nanoseconds since the clock's epoch.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Creates an instant from seconds since the clock's epoch, clamped to ±292 years: the seconds may come from a
    /// peer. What is not a number becomes 0.
    public init(seconds: Double) {
        let rounded = (seconds * 1e9).rounded()
        self.init(nanoseconds: Int64(exactly: rounded) ?? (rounded.isNaN ? 0 : rounded < 0 ? .min : .max))
    }

    /// Seconds since the clock's epoch.
    public var seconds: Double {
        Double(nanoseconds) / 1e9
    }

    public static func < (left: MediaTime, right: MediaTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The instant so much later, at most the clock's last: "for ever" is never over.
    public static func + (time: MediaTime, duration: Duration) -> MediaTime {
        let nanoseconds = duration.nanoseconds
        let (sum, overflow) = time.nanoseconds.addingReportingOverflow(nanoseconds)
        return MediaTime(nanoseconds: overflow ? (nanoseconds < 0 ? .min : .max) : sum)
    }

    /// The instant so much earlier, at least the clock's first.
    public static func - (time: MediaTime, duration: Duration) -> MediaTime {
        let nanoseconds = duration.nanoseconds
        let (difference, overflow) = time.nanoseconds.subtractingReportingOverflow(nanoseconds)
        return MediaTime(nanoseconds: overflow ? (nanoseconds < 0 ? .max : .min) : difference)
    }

    /// The time from the right instant to the left one.
    public static func - (left: MediaTime, right: MediaTime) -> Duration {
        // A duration has room for the distance between any two instants.
        .nanoseconds(left.nanoseconds) - .nanoseconds(right.nanoseconds)
    }
}

extension MediaTime: CustomStringConvertible {
    public var description: String {
        "\(seconds) s"
    }
}

extension Duration {
    /// The duration in whole nanoseconds, clamped to ±292 years.
    public var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        guard !overflow, !carry else { return seconds < 0 ? .min : .max }
        return sum
    }

    /// The duration in seconds.
    public var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
