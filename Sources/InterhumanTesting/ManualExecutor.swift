public import InterhumanCore
import Synchronization

/// An executor that runs nothing until it is told to: with a ``ManualClock``, a whole session becomes a program of one
/// thread, whose every step happens when the test says so, in the same order each time.
///
/// ```swift
/// let executor = ManualExecutor()
/// let session = StreamSession(configuration: …, clock: clock, executor: executor)
/// let events = Task(executorPreference: executor) { try await session.start() }
/// executor.runUntilIdle()             // everything that can happen without waiting has happened
/// clock.advance(by: .seconds(2))
/// executor.runUntilIdle()
/// ```
public final class ManualExecutor: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var random: SplitMix64?
    }

    private let state: Mutex<State>

    /// Creates an executor.
    ///
    /// - Parameter seed: With one, jobs that could run next run in an order drawn from it; without, in the order in
    ///   which they became ready.
    public init(seed: UInt64? = nil) {
        state = Mutex(State(random: seed.map(SplitMix64.init(seed:))))
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
    }

    /// Runs on the calling thread what is ready and what becomes ready by it, until nothing is left or `limit` jobs have
    /// run.
    ///
    /// - Returns: How many jobs ran.
    @discardableResult
    public func runUntilIdle(limit: Int = .max) -> Int {
        var count = 0
        while count < limit, let job = takeNext() {
            job.runSynchronously(on: asUnownedTaskExecutor())
            count += 1
        }
        return count
    }

    /// Runs what is ready, then moves the clock to the next instant that somebody waits for, until a condition holds.
    ///
    /// - Returns: Whether it holds; false when nothing is ready and nobody waits for the clock, or after `instant`.
    public func run(
        _ clock: ManualClock, notAfter instant: MediaTime = MediaTime(nanoseconds: .max), until condition: () -> Bool
    ) -> Bool {
        while true {
            runUntilIdle()
            if condition() { return true }
            guard let deadline = clock.deadlines.first, deadline <= instant else { return false }
            clock.advance(to: deadline)
        }
    }

    private func takeNext() -> UnownedJob? {
        state.withLock { state in
            guard !state.jobs.isEmpty else { return nil }
            let drawn = state.random?.next() ?? 0
            let index = Int(drawn % UInt64(state.jobs.count))
            return state.jobs.remove(at: index)
        }
    }
}
