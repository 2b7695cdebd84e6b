import Synchronization

/// Lets tasks sleep until another has news for them. A signal that finds nobody waiting is kept for the next.
///
/// Waiting may end without a signal (cancellation, another waiter's signal): look at the shared state again each time.
package final class Wakeup: Sendable {
    private struct State {
        var isSignalled = false
        var nextID: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Wakes everyone who waits, or the next who will.
    package func signal() {
        let waiters = state.withLock { state in
            state.isSignalled = state.waiters.isEmpty
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    /// Returns after a signal, or at once when the task is cancelled.
    package func wait() async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    // The flag is set before the handler below runs: a cancellation is seen here or there.
                    if state.isSignalled || Task.isCancelled {
                        state.isSignalled = false
                        return true
                    }
                    state.waiters[id] = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }

    /// Returns after a signal, at `deadline`, or at once when the task is cancelled.
    package func wait(until deadline: MediaTime, on clock: any MediaClock) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            group.addTask {
                // Only cancellation throws, and then the group is ending anyway.
                try? await clock.sleep(until: deadline)
            }
            await group.next()
            group.cancelAll()
        }
    }
}
