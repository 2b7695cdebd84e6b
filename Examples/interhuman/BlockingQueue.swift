import Dispatch

/// Runs an actor's jobs on a dispatch queue, where they may block.
final class BlockingQueue: SerialExecutor {
    private let queue: DispatchQueue

    /// Creates a queue whose threads carry a name.
    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedSerialExecutor()
        queue.async { job.runSynchronously(on: executor) }
    }
}
