/// One instant on the three clocks that matter: the service's, the session's, the wall's.
public struct SessionInstant: Sendable, Hashable {
    /// As the service gave it: seconds since the first media of the connection.
    public var serverSeconds: Double
    /// Seconds since the first media that the session captured.
    public var sessionSeconds: Double
    /// When it was on the wall clock of this machine.
    public var wallClock: WallClockTime

    /// Creates an instant.
    public init(serverSeconds: Double, sessionSeconds: Double, wallClock: WallClockTime) {
        self.serverSeconds = serverSeconds
        self.sessionSeconds = sessionSeconds
        self.wallClock = wallClock
    }
}

/// An instant of this machine's wall clock.
public struct WallClockTime: Sendable, Hashable, Comparable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public var nanosecondsSince1970: Int64

    /// Creates an instant from nanoseconds since 1970-01-01T00:00:00Z.
    public init(nanosecondsSince1970: Int64) {
        self.nanosecondsSince1970 = nanosecondsSince1970
    }

    /// Seconds since 1970-01-01T00:00:00Z, as Foundation's `Date(timeIntervalSince1970:)` takes them.
    public var secondsSince1970: Double { Double(nanosecondsSince1970) / 1e9 }

    public static func < (left: WallClockTime, right: WallClockTime) -> Bool {
        left.nanosecondsSince1970 < right.nanosecondsSince1970
    }
}
