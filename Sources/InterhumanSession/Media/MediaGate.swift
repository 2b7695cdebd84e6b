import InterhumanCore
import Synchronization

/// Between the sources and the encoder: while it is closed, nothing is encoded. A source that can wait is made to wait,
/// what a live one gives is discarded.
final class MediaGate: Sendable {
    /// Why it is closed.
    enum Reason: Sendable, Hashable, CaseIterable {
        case paused
        /// No room in the outbox.
        case outboxFull

        var cause: MediaGap.Cause { self == .paused ? .paused : .outboxFull }
    }

    private struct State {
        var reasons: Set<Reason> = []
        var mayHold = true
    }

    private let state = Mutex(State())
    private let news = Wakeup()

    /// Closes it for one more reason.
    func close(_ reason: Reason) {
        state.withLock { _ = $0.reasons.insert(reason) }
    }

    /// Takes a reason away; without any, it is open.
    func open(_ reason: Reason) {
        state.withLock { _ = $0.reasons.remove(reason) }
        news.signal()
    }

    /// From now on nothing waits here: the session finishes.
    func stopHolding() {
        state.withLock { $0.mayHold = false }
        news.signal()
    }

    /// Why it is closed; nil when it is open.
    var reason: Reason? { state.withLock { state in Reason.allCases.first { state.reasons.contains($0) } } }

    /// Waits until it is open, or nothing may wait any more, or the task is cancelled.
    func hold() async {
        while !Task.isCancelled, state.withLock({ !$0.reasons.isEmpty && $0.mayHold }) { await news.wait() }
    }
}
