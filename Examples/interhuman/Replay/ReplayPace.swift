import Interhuman

/// Keeps the intervals between recorded events.
struct ReplayPace {
    private let clock = ContinuousClock()
    private let began: ContinuousClock.Instant
    private var first: WallClockTime?

    init() {
        began = clock.now
    }

    /// Waits until an event is due. A wall clock that was set back makes nobody wait.
    mutating func wait(for event: SessionEvent) async throws {
        let first = first ?? event.wallClock
        self.first = first
        let elapsed = event.wallClock.nanosecondsSince1970.subtractingReportingOverflow(first.nanosecondsSince1970)
        guard !elapsed.overflow, elapsed.partialValue > 0 else { return }
        try await clock.sleep(until: began + .nanoseconds(elapsed.partialValue))
    }
}
