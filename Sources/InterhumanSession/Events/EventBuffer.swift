import InterhumanCore
import Synchronization

/// Keeps events for their reader: a bounded number, the newest. What was dropped is told where it is missing.
final class EventBuffer: Sendable {
    private struct State {
        var events: [SessionEvent] = []
        var droppedCount = 0
        var isFinished = false
        var error: SessionError?
    }

    private let capacity: Int
    private let state = Mutex(State())
    private let news = Wakeup()

    /// Creates a buffer of at least one event.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// Adds an event; the oldest goes when there is no room.
    func append(_ event: SessionEvent) {
        state.withLock { state in
            guard !state.isFinished else { return }
            if state.events.count == capacity {
                state.events.removeFirst()
                state.droppedCount += 1
            }
            state.events.append(event)
        }
        news.signal()
    }

    /// Ends the events, with an error when the session failed.
    func finish(_ error: SessionError?) {
        state.withLock { state in
            state.isFinished = true
            state.error = error
        }
        news.signal()
    }

    /// Gives the next event; nil at the end and when the task is cancelled. The error is thrown once.
    ///
    /// - Parameter clock: Dates the notice about dropped events.
    func next(clock: any MediaClock) async throws(SessionError) -> SessionEvent? {
        while !Task.isCancelled {
            if let turn = state.withLock({ Self.takeTurn(&$0, clock: clock) }) { return try turn.get() }
            await news.wait()
        }
        return nil
    }

    /// What the reader gets now; nil when it has to wait.
    private static func takeTurn(
        _ state: inout State, clock: any MediaClock
    ) -> Result<SessionEvent?, SessionError>? {
        if state.droppedCount > 0 {
            defer { state.droppedCount = 0 }
            let now = WallClockTime(nanosecondsSince1970: clock.wallClockNanoseconds)
            return .success(SessionEvent(.eventsDropped(state.droppedCount), wallClock: now))
        }
        if !state.events.isEmpty { return .success(state.events.removeFirst()) }
        guard state.isFinished else { return nil }
        guard let error = state.error else { return .success(nil) }
        state.error = nil
        return .failure(error)
    }
}
