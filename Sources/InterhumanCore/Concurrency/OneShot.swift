import Synchronization

/// A value that comes once, and those who wait for it. Waiting is not cut short by cancellation.
package final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case open([CheckedContinuation<Value, Never>])
        case done(Value)
    }

    private let state = Mutex(State.open([]))

    package init() {}

    /// Gives the value to everyone who waits and will wait. Only the first call counts.
    package func fulfil(_ value: Value) {
        let waiters = state.withLock { state -> [CheckedContinuation<Value, Never>] in
            guard case .open(let waiters) = state else { return [] }
            state = .done(value)
            return waiters
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }

    /// Waits for the value.
    package func value() async -> Value {
        await withCheckedContinuation { continuation in
            let value = state.withLock { state -> Value? in
                switch state {
                case .done(let value): return value
                case .open(let waiters):
                    state = .open(waiters + [continuation])
                    return nil
                }
            }
            if let value { continuation.resume(returning: value) }
        }
    }
}
