import InterhumanCore
import Synchronization

/// A clock that a test moves by hand.
final class HandClock: MediaClock {
    private struct State {
        var now = MediaTime(seconds: 1000)
        var sleepers: [Int: (deadline: MediaTime, continuation: CheckedContinuation<Void, Never>)] = [:]
        var nextSleeper = 0
        var watchers: [(deadline: MediaTime, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var now: MediaTime { state.withLock { $0.now } }

    var wallClockNanoseconds: Int64 { 1_767_225_600_000_000_000 + now.nanoseconds }

    /// Moves the clock on and wakes whom that makes late.
    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now + duration
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    /// Waits until somebody sleeps until `deadline`.
    func waitForSleeper(at deadline: MediaTime) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.sleepers.values.contains(where: { $0.deadline == deadline }) { return true }
                state.watchers.append((deadline, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    private func tellWatchers(of deadline: MediaTime) {
        let told = state.withLock { state in
            defer { state.watchers.removeAll { $0.deadline == deadline } }
            return state.watchers.filter { $0.deadline == deadline }
        }
        for watcher in told { watcher.continuation.resume() }
    }

    func sleep(until deadline: MediaTime) async throws(CancellationError) {
        let id = state.withLock { state in
            state.nextSleeper += 1
            return state.nextSleeper
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    guard state.now < deadline, !Task.isCancelled else { return false }
                    state.sleepers[id] = (deadline, continuation)
                    return true
                }
                if mustWait { tellWatchers(of: deadline) } else { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume()
        }
        if Task.isCancelled { throw CancellationError() }
    }
}
