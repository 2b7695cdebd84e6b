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

    /// The instant so much later.
    public static func + (time: MediaTime, duration: Duration) -> MediaTime {
        MediaTime(nanoseconds: time.nanoseconds &+ duration.nanoseconds)
    }

    /// The instant so much earlier.
    public static func - (time: MediaTime, duration: Duration) -> MediaTime {
        MediaTime(nanoseconds: time.nanoseconds &- duration.nanoseconds)
    }

    /// The time from the right instant to the left one.
    public static func - (left: MediaTime, right: MediaTime) -> Duration {
        .nanoseconds(left.nanoseconds &- right.nanoseconds)
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
