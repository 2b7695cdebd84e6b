import Glibc

/// A serial executor with a thread of its own: an actor on it may block and compute without starving anybody.
///
/// The thread starts with the first job and ends when the executor is let go.
final class ThreadExecutor: SerialExecutor {
    private struct Job {
        let job: UnownedJob
        /// Keeps the executor alive while the job runs.
        let executor: ThreadExecutor
    }

    private struct State {
        var jobs: [Job] = []
        var isStarted = false
        var isClosed = false
    }

    /// Starts a thread of a name; false when the system has none to spare.
    typealias Starter = @Sendable (_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool

    private let name: String
    private let start: Starter
    private let state = Monitor(State())

    /// Creates the executor; its thread carries `name` (at most 15 bytes).
    init(name: String, start: @escaping Starter = { MediaThread.start(name: $0, $1) }) {
        self.name = name
        self.start = start
    }

    deinit {
        state.withLock { $0.isClosed = true }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = Job(job: UnownedJob(job), executor: self)
        let mustStart = state.withLock { state in
            state.jobs.append(job)
            defer { state.isStarted = true }
            return !state.isStarted
        }
        guard mustStart, !start(name, { [state] in Self.work(state) }) else { return }
        // Without a thread of its own the actor still has to run: the system is out of threads, so run here.
        Self.drain(state)
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    private static func work(_ state: Monitor<State>) {
        while let jobs = state.wait(for: { Self.take(&$0) }) {
            run(jobs)
        }
    }

    private static func drain(_ state: Monitor<State>) {
        while case let jobs = state.withLock({ Self.takeJobsOrStop(&$0) }), !jobs.isEmpty {
            run(jobs)
        }
    }

    /// The jobs to run; when there are none, the next one tries for a thread again. Under one lock: a job that comes
    /// in between would wait for nobody.
    private static func takeJobsOrStop(_ state: inout State) -> [Job] {
        if state.jobs.isEmpty { state.isStarted = false }
        return takeJobs(&state)
    }

    private static func run(_ jobs: [Job]) {
        for job in jobs {
            job.job.runSynchronously(on: job.executor.asUnownedSerialExecutor())
        }
    }

    private static func takeJobs(_ state: inout State) -> [Job] {
        defer { state.jobs.removeAll() }
        return state.jobs
    }

    /// The jobs to run; inside it nil at the end of the executor's life; nil outside to wait on.
    private static func take(_ state: inout State) -> [Job]?? {
        guard state.jobs.isEmpty else { return .some(takeJobs(&state)) }
        return state.isClosed ? .some(nil) : nil
    }
}
