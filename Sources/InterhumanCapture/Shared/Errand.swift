import InterhumanCore
import Synchronization

/// Work that blocks, on a thread of its own, while the thread that wants its result goes on with something else.
final class Errand<Value: Sendable>: Sendable {
    private let outcome = Mutex<Result<Value, CaptureError>?>(nil)

    /// Begins; `waker` is signalled when the result is there.
    init(
        named name: String, signalling waker: WakeDescriptor,
        _ work: @escaping @Sendable () throws(CaptureError) -> Value
    ) throws(CaptureError) {
        try DeviceThread.start(named: name) { [self] in
            let result: Result<Value, CaptureError>
            do throws(CaptureError) {
                result = .success(try work())
            } catch {
                result = .failure(error)
            }
            outcome.withLock { $0 = result }
            waker.signal()
        }
    }

    /// What the work gave; nil while it goes on.
    var result: Result<Value, CaptureError>? { outcome.withLock { $0 } }
}
