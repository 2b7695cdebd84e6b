import InterhumanSession

/// When something happened that has no media time of its own.
struct SessionMoment: Sendable {
    /// By the wall clock.
    var wallClock: WallClockTime
    /// Up to where media had been sent, in session seconds. A source without a pace is ahead of the wall clock.
    var mediaEnd: Double

    /// In session seconds.
    ///
    /// - Parameter epoch: The session's 0 by the wall clock.
    func seconds(since epoch: WallClockTime) -> Double {
        let elapsed = Double(wallClock.nanosecondsSince1970 &- epoch.nanosecondsSince1970) / 1e9
        return max(0, elapsed, mediaEnd)
    }
}
