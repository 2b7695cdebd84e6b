public import InterhumanCore
import Synchronization

/// A clock that stands still until it is moved. Whoever sleeps wakes when the clock is moved to their deadline, the
/// earliest deadline first.
public final class ManualClock: MediaClock {
    private struct State {
        var now: MediaTime
        var wallClockNanoseconds: Int64
        var nextID: UInt64 = 0
        var sleepers: [Sleeper] = []
    }

    private struct Sleeper {
        var id: UInt64
        var deadline: MediaTime
        var continuation: CheckedContinuation<Bool, Never>
    }

    private let state: Mutex<State>
    private let news = EventCount()

    /// Creates a clock.
    ///
    /// - Parameters:
    ///   - now: What it reads at first.
    ///   - wallClockNanoseconds: What its wall clock reads at first, in nanoseconds since 1970-01-01T00:00:00Z.
    public init(
        now: MediaTime = MediaTime(seconds: 1_000), wallClockNanoseconds: Int64 = 1_700_000_000_000_000_000
    ) {
        state = Mutex(State(now: now, wallClockNanoseconds: wallClockNanoseconds))
    }

    public var now: MediaTime { state.withLock { $0.now } }

    public var wallClockNanoseconds: Int64 { state.withLock { $0.wallClockNanoseconds } }

    /// The deadlines of those who sleep now, earliest first.
    public var deadlines: [MediaTime] {
        state.withLock { $0.sleepers.map(\.deadline).sorted() }
    }

    public func sleep(until deadline: MediaTime) async throws(CancellationError) {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let isReached = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let outcome = state.withLock { state -> Bool? in
                    if Task.isCancelled { return false }
                    if state.now >= deadline { return true }
                    state.sleepers.append(Sleeper(id: id, deadline: deadline, continuation: continuation))
                    return nil
                }
                if let outcome { continuation.resume(returning: outcome) } else { news.advance() }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else { return nil }
                return state.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(returning: false)
        }
        guard isReached else { throw CancellationError() }
    }

    /// Moves the clock forward and wakes whoever it reaches.
    public func advance(by duration: Duration) {
        advance { $0 + duration }
    }

    /// Moves the clock forward to an instant and wakes whoever it reaches; an instant in the past does nothing.
    public func advance(to instant: MediaTime) {
        advance { _ in instant }
    }

    private func advance(to destination: (MediaTime) -> MediaTime) {
        let reached = state.withLock { state -> [Sleeper] in
            let instant = destination(state.now)
            guard instant > state.now else { return [] }
            // The wall clock is at 2023 and the instant may be the last one there is.
            state.wallClockNanoseconds &+= (instant - state.now).nanoseconds
            state.now = instant
            let reached = state.sleepers.filter { $0.deadline <= instant }.sorted { $0.deadline < $1.deadline }
            state.sleepers.removeAll { $0.deadline <= instant }
            return reached
        }
        for sleeper in reached { sleeper.continuation.resume(returning: true) }
    }

    /// Waits until at least this many sleep; returns early when the task is cancelled.
    public func waitForSleepers(_ count: Int = 1) async {
        await news.wait { deadlines.count >= count }
    }

    /// Waits until somebody sleeps until exactly this instant; returns early when the task is cancelled.
    public func waitForSleeper(until deadline: MediaTime) async {
        await news.wait { deadlines.contains(deadline) }
    }
}
