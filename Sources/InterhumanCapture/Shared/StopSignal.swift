import Synchronization

/// Ends waits that block: given once and for good, from any thread. Whoever waits looks at it before each wait and has
/// itself woken by it.
final class StopSignal: Sendable {
    private struct Wakers {
        var nextToken: UInt64 = 0
        var calls: [UInt64: @Sendable () -> Void] = [:]
    }

    /// Beside the lock: a waiter looks while it holds what its waker will ask for.
    private let given = Atomic(false)
    private let wakers = Mutex(Wakers())

    var isGiven: Bool { given.load(ordering: .acquiring) }

    func give() {
        given.store(true, ordering: .releasing)
        wakers.withLock { wakers in wakers.calls.values.forEach { $0() } }
    }

    /// Has `wake` called when the signal is given from now on, on the thread that gives it. One that was given before
    /// is seen by who looks.
    func onGiven(_ wake: @escaping @Sendable () -> Void) -> UInt64 {
        wakers.withLock { wakers in
            wakers.nextToken += 1
            wakers.calls[wakers.nextToken] = wake
            return wakers.nextToken
        }
    }

    /// Ends what `onGiven` began: no call goes on or follows when this returns.
    func forget(_ token: UInt64) {
        wakers.withLock { _ = $0.calls.removeValue(forKey: token) }
    }
}
