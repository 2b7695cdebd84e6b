import InterhumanCore
import Synchronization

/// Hands every event to every subscriber; each has a buffer of its own, so that a slow one holds up nobody.
final class EventHub: Sendable {
    private struct State {
        var buffers: [Int: EventBuffer] = [:]
        var nextID = 0
        var outcome: (isOver: Bool, error: SessionError?) = (false, nil)
    }

    private let state = Mutex(State())

    /// Adds a subscriber; after the end it gets the end only.
    func subscribe(capacity: Int) -> (id: Int, buffer: EventBuffer) {
        let buffer = EventBuffer(capacity: capacity)
        return state.withLock { state in
            defer { state.nextID += 1 }
            if state.outcome.isOver { buffer.finish(state.outcome.error) } else { state.buffers[state.nextID] = buffer }
            return (state.nextID, buffer)
        }
    }

    /// Removes a subscriber.
    func unsubscribe(_ id: Int) {
        state.withLock { _ = $0.buffers.removeValue(forKey: id) }
    }

    func append(_ event: SessionEvent) {
        for buffer in state.withLock({ $0.buffers.values.map { $0 } }) { buffer.append(event) }
    }

    func finish(_ error: SessionError?) {
        let buffers = state.withLock { state -> [EventBuffer] in
            state.outcome = (true, error)
            defer { state.buffers = [:] }
            return Array(state.buffers.values)
        }
        for buffer in buffers { buffer.finish(error) }
    }
}
