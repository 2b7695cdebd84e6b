import Synchronization

/// Gives a synthetic source its running numbers, each at its time, until the source's end.
final class SyntheticSchedule: Sendable {
    private struct State {
        var base: MediaTime?
        var nextIndex = 0
        var hasStarted = false
        var isStopped = false
    }

    private let pacing: SourcePacing
    private let clock: any MediaClock
    private let limit: Int?
    private let state: Mutex<State>
    private let stopSignal = Wakeup()

    /// Creates a schedule of `limit` elements (nil: endless) that begins at `base` (nil: when it is started).
    init(pacing: SourcePacing, clock: any MediaClock, base: MediaTime?, limit: Int?) {
        self.pacing = pacing
        self.clock = clock
        self.limit = limit
        state = Mutex(State(base: base))
    }

    /// Notes the time of the first element. A schedule starts once.
    func start(_ operation: String) throws(CaptureError) {
        let isFirst = state.withLock { state in
            guard !state.hasStarted else { return false }
            state.hasStarted = true
            state.base = state.base ?? clock.now
            return true
        }
        guard isFirst else {
            throw CaptureError(
                .misuse, operation: operation,
                message: "The source was started twice. Make a new source for each use.")
        }
    }

    /// Ends the schedule, also for whoever waits for the next element.
    func stop() {
        state.withLock { $0.isStopped = true }
        stopSignal.signal()
    }

    /// Gives the next running number and the instant of number 0; nil at the end and when cancelled.
    ///
    /// - Parameter due: How long after number 0 the element of a number is complete.
    func next(due: (Int) -> Duration) async -> (index: Int, base: MediaTime)? {
        guard let turn = currentTurn() else { return nil }
        if pacing == .realTime {
            let deadline = turn.base + due(turn.index)
            while clock.now < deadline {
                guard !Task.isCancelled, currentTurn() != nil else { return nil }
                await stopSignal.wait(until: deadline, on: clock)
            }
        }
        guard !Task.isCancelled, currentTurn() != nil else { return nil }
        state.withLock { $0.nextIndex += 1 }
        return turn
    }

    private func currentTurn() -> (index: Int, base: MediaTime)? {
        state.withLock { state in
            guard !state.isStopped, let base = state.base else { return nil }
            if let limit, state.nextIndex >= limit { return nil }
            return (state.nextIndex, base)
        }
    }
}
