import InterhumanCore
import Synchronization

/// An event that can say how many others were dropped.
protocol DroppableEvent: Sendable {
    static func eventsDropped(_ count: Int) -> Self
}

extension CameraEvent: DroppableEvent {}
extension MicrophoneEvent: DroppableEvent {}
extension FillingEvent: DroppableEvent {}

/// An event that says whether the source gives anything of its own.
protocol InterruptionEvent {
    /// What it means to the source's stream; nil for nothing.
    var sourceEvent: SourceEvent? { get }
}

/// A device's events on their way to one reader: bounded, and what was dropped is said. What they mean to the source's
/// stream also goes to its monitor.
final class EventChannel<Event: DroppableEvent & InterruptionEvent>: Sendable {
    private let queue = NewestQueue<Event, Never>(capacity: 64)
    private let reported = Mutex<UInt64>(0)
    private let monitor = Mutex<SourceMonitor?>(nil)

    /// Reports to the monitor as well from now on.
    func report(to monitor: SourceMonitor) {
        self.monitor.withLock { $0 = monitor }
    }

    /// The monitor is told first: to who has read the event it says the same.
    func send(_ event: Event) {
        if let meaning = event.sourceEvent { monitor.withLock { $0 }?.report(meaning) }
        queue.push(event)
    }

    func finish() {
        queue.finish()
    }

    var sequence: MediaSequence<Event, Never> {
        MediaSequence { [self] () async throws(Never) -> Event? in
            if let count = newlyDropped() { return .eventsDropped(count) }
            return await queue.next()
        }
    }

    private func newlyDropped() -> Int? {
        let dropped = queue.droppedCount
        return reported.withLock { reported in
            guard dropped > reported else { return nil }
            defer { reported = dropped }
            return Int(clamping: dropped - reported)
        }
    }
}
