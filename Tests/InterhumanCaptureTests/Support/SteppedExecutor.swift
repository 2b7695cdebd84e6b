import InterhumanCore
import Synchronization

/// Runs a task's jobs on the thread that asks for it, and lets a test stand between a continuation's resumption and what
/// the thread that resumed it does next.
final class SteppedExecutor: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])
    private let news = Wakeup()
    private let hook = Mutex<(@Sendable () -> Void)?>(nil)

    /// Called once, by the next thread that makes a job ready.
    func atNextJob(_ hook: @escaping @Sendable () -> Void) {
        self.hook.withLock { $0 = hook }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
        news.signal()
        hook.withLock { $0.take() }?()
    }

    /// Runs jobs until the condition holds and all that is ready has run: the task waits then.
    func run(until condition: () -> Bool) async {
        while true {
            while let job = next() { job.runSynchronously(on: asUnownedTaskExecutor()) }
            if condition() { return }
            await news.wait()
        }
    }

    private func next() -> UnownedJob? {
        jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }
}
