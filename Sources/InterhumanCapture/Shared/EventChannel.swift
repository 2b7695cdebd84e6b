import InterhumanCore
import Synchronization

/// An event that can say how many others were dropped.
protocol DroppableEvent: Sendable {
    static func eventsDropped(_ count: Int) -> Self
}

extension CameraEvent: DroppableEvent {}
extension MicrophoneEvent: DroppableEvent {}
extension FillingEvent: DroppableEvent {}

/// A device's events on their way to one reader: bounded, and what was dropped is said.
final class EventChannel<Event: DroppableEvent>: Sendable {
    private let queue = NewestQueue<Event, Never>(capacity: 64)
    private let reported = Mutex<UInt64>(0)

    func send(_ event: Event) {
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
