import InterhumanCore
import Synchronization

/// How long the peer took to answer the last ping, from its handover to the kernel on. Read from any thread.
final class RoundTrip: Sendable {
    private struct State {
        var written: MediaTime?
        var last: Duration?
    }

    private let state = Mutex(State())
    private let clock = SystemClock()

    /// The last one measured; nil before.
    var last: Duration? { state.withLock { $0.last } }

    /// A ping is in the kernel.
    func pingWritten() {
        let now = clock.now
        state.withLock { $0.written = now }
    }

    /// A pong came; one that answers no ping of ours measures nothing.
    func pongReceived() {
        let now = clock.now
        state.withLock { state in
            guard let written = state.written else { return }
            state.written = nil
            state.last = max(.zero, now - written)
        }
    }
}
