import Dispatch

/// Runs an actor's jobs on a dispatch queue.
final class ConsoleQueue: SerialExecutor {
    private let queue = DispatchQueue(label: "interhuman.console")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedSerialExecutor()
        queue.async { job.runSynchronously(on: executor) }
    }
}
