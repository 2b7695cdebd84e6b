import InterhumanLocalService
import Synchronization

/// What a service told its observer.
final class EventLog: Sendable {
    private let events = Mutex<[ServiceEvent]>([])
    private let stream: AsyncStream<ServiceEvent>
    private let continuation: AsyncStream<ServiceEvent>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    /// The observer.
    var observer: @Sendable (ServiceEvent) -> Void {
        { [self] event in
            events.withLock { $0.append(event) }
            continuation.yield(event)
        }
    }

    /// Everything so far.
    var all: [ServiceEvent] { events.withLock { $0 } }

    /// Waits for the next session to end and gives what it carried. One caller at a time.
    func sessionEnded() async -> (closeCode: UInt16, statistics: SessionStatistics)? {
        for await event in stream {
            if case .ended(let code, let statistics) = event.kind { return (code, statistics) }
        }
        return nil
    }
}
