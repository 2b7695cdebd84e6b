import CInterhumanV4L2
import InterhumanCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A thread of the operating system for work that blocks, so that the cooperative pool stays free.
enum DeviceThread {
    private final class Job {
        let work: @Sendable () -> Void
        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }

    /// Runs `work` on a new detached thread named `name` (15 bytes at most are shown by the system).
    ///
    /// - Throws: ``CaptureError`` with code `system` where the system gives no thread.
    static func start(named name: String, _ work: @escaping @Sendable () -> Void) throws(CaptureError) {
        let job = Unmanaged.passRetained(
            Job {
                interhuman_name_thread(name)
                work()
            })
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().work() }
                return nil
            }, job.toOpaque())
        guard code == 0 else {
            job.release()
            throw CaptureError(
                .system, operation: "start a thread for \(name)",
                message:
                    "The system gave no thread. Look for a limit on processes or memory (ulimit -u, systemd TasksMax).",
                underlying: SystemFailure(call: "pthread_create", code: code).description)
        }
        pthread_detach(thread)
    }

    /// Runs `work` on a thread of its own and waits for its result without blocking the caller's thread.
    static func run<Value: Sendable>(
        named name: String, _ work: @escaping @Sendable () throws(CaptureError) -> Value
    ) async throws(CaptureError) -> Value {
        let result: Result<Value, CaptureError> = await withCheckedContinuation { continuation in
            do throws(CaptureError) {
                try start(named: name) {
                    do throws(CaptureError) {
                        continuation.resume(returning: .success(try work()))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        return try result.get()
    }
}
