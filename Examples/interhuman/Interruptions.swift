import Dispatch
import Glibc

/// SIGINT and SIGTERM as a sequence: the first asks to finish, the second to stop at once.
///
/// Signals belong to programs, so this stands here and not in the library.
final class Interruptions {
    /// One element for each signal.
    let received: AsyncStream<Void>
    private let sources: [any DispatchSourceSignal]
    private let continuation: AsyncStream<Void>.Continuation

    /// Catches both signals as long as this object lives.
    init() {
        // A reader that goes away (`| head`) is an error to handle, not a reason to die.
        signal(SIGPIPE, SIG_IGN)
        let (received, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(2))
        let queue = DispatchQueue(label: "interhuman.signals")
        (self.received, self.continuation) = (received, continuation)
        self.sources = [SIGINT, SIGTERM].map { number in
            // The default action would end the program before the source hears of it.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { continuation.yield() }
            source.resume()
            return source
        }
    }

    /// Does what a signal does: for a key that means the same.
    var interrupt: @Sendable () -> Void {
        { [continuation] in continuation.yield() }
    }

    deinit {
        for source in sources { source.cancel() }
    }
}
