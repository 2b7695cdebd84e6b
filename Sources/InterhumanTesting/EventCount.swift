import Synchronization

/// Lets any number of tasks wait for a change of shared state, none of which is missed: an eventcount (D. P. Reed and
/// R. K. Kanodia, "Synchronization with Eventcounts and Sequencers", 1979).
///
/// `Wakeup` keeps one signal for the next who waits: with several who looked and are about to wait, one takes it and the
/// others sleep on. Here each waits for more than what it knew before it looked.
final class EventCount: Sendable {
    private struct State {
        var count: UInt64 = 0
        var nextID: UInt64 = 0
        /// In the order in which they came, so that runs repeat.
        var waiters: [(id: UInt64, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    /// Tells everyone who waits, or looks now, that something has changed. Call it after the change.
    func advance() {
        let waiters = state.withLock { state in
            state.count += 1
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume() }
    }

    /// Looks at shared state, again after each change, until there is a value; nil when the task is cancelled before.
    func first<Value>(_ look: () -> Value?) async -> Value? {
        while true {
            let known = state.withLock { $0.count }
            if let value = look() { return value }
            guard !Task.isCancelled else { return nil }
            await wait(past: known)
        }
    }

    /// Waits until a condition of shared state holds; returns early when the task is cancelled.
    func wait(until condition: () -> Bool) async {
        _ = await first { condition() ? () : nil }
    }

    /// Returns once the count is beyond `known`, or at once when the task is cancelled.
    private func wait(past known: UInt64) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    // The flag is set before the handler below runs: a cancellation is seen here or there.
                    guard state.count == known, !Task.isCancelled else { return true }
                    state.waiters.append((id, continuation))
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume()
        }
    }
}
