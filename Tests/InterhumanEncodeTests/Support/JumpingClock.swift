import InterhumanCore
import Synchronization

/// A clock that jumps to whatever instant somebody waits for, and notes it.
final class JumpingClock: MediaClock {
    private struct State {
        var now: MediaTime
        var deadlines: [MediaTime] = []
    }

    private let state: Mutex<State>

    init(now: MediaTime) {
        state = Mutex(State(now: now))
    }

    var now: MediaTime { state.withLock { $0.now } }
    var wallClockNanoseconds: Int64 { 0 }
    var deadlines: [MediaTime] { state.withLock { $0.deadlines } }

    func sleep(until deadline: MediaTime) async throws(CancellationError) {
        state.withLock { state in
            state.now = max(state.now, deadline)
            state.deadlines.append(deadline)
        }
    }
}
