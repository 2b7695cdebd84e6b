import InterhumanCore

/// The events of a session for one of any number of readers, from the subscription on.
///
/// It has a bounded buffer of its own: what a slow reader misses is told by ``SessionEvent/Kind/eventsDropped(_:)``. It ends
/// with the session, and throws its error if it failed. Leaving the loop or letting it go ends the subscription only; the
/// session goes on. One reader.
public final class EventSubscription: AsyncSequence, Sendable {
    private let hub: EventHub
    private let id: Int
    private let buffer: EventBuffer
    private let clock: any MediaClock

    init(hub: EventHub, capacity: Int, clock: any MediaClock) {
        self.hub = hub
        self.clock = clock
        (id, buffer) = hub.subscribe(capacity: capacity)
    }

    deinit {
        hub.unsubscribe(id)
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(subscription: self)
    }

    /// Hands out the events.
    public struct Iterator: AsyncIteratorProtocol {
        let subscription: EventSubscription

        public mutating func next() async throws(SessionError) -> SessionEvent? {
            try await subscription.buffer.next(clock: subscription.clock)
        }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(SessionError) -> SessionEvent? {
            try await subscription.buffer.next(clock: subscription.clock)
        }
    }
}
