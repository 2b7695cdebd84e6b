import InterhumanCore
import Synchronization

/// A bounded queue between a device's thread and one consumer: the newest elements are kept, what had to go is counted.
///
/// The producer never waits. The consumer's wait ends with an element, the end, the error, or its cancellation.
final class NewestQueue<Element: Sendable, Failure: Error & Sendable>: Sendable {
    private enum Ending {
        case finished
        case failed(Failure)
    }

    private struct State {
        var elements: [Element] = []
        var ending: Ending?
        var waiter: (token: UInt64, continuation: CheckedContinuation<Void, Never>)?
        var nextToken: UInt64 = 0
        var dropped: UInt64 = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// Holds at most `capacity` elements, at least one.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// How many elements had to go unread.
    var droppedCount: UInt64 { state.withLock { $0.dropped } }

    /// Appends an element; the oldest goes when the queue is full. Returns the element that went.
    @discardableResult
    func push(_ element: Element) -> Element? {
        let (evicted, waiter) = state.withLock { state in
            guard state.ending == nil else { return (Element?.some(element), nil as CheckedContinuation<Void, Never>?) }
            state.elements.append(element)
            var evicted: Element?
            if state.elements.count > capacity {
                evicted = state.elements.removeFirst()
                state.dropped += 1
            }
            return (evicted, Self.takeWaiter(&state))
        }
        waiter?.resume()
        return evicted
    }

    /// Lets the oldest unread element go. False when there is none.
    func evictOldest() -> Bool {
        let evicted: Element? = state.withLock { state in
            guard !state.elements.isEmpty else { return nil }
            state.dropped += 1
            return state.elements.removeFirst()
        }
        return evicted != nil
    }

    /// Ends the queue: elements already there are still read unless `discarding`, then nil or the error follows.
    func finish(throwing error: Failure? = nil, discarding: Bool = false) {
        // Elements leave the lock before they are released: their deinit may call back into a device.
        let (discarded, waiter) = state.withLock { state in
            if state.ending == nil { state.ending = error.map(Ending.failed) ?? .finished }
            var discarded: [Element] = []
            if discarding { swap(&discarded, &state.elements) }
            return (discarded, Self.takeWaiter(&state))
        }
        waiter?.resume()
        _ = consume discarded
    }

    /// The next element, nil at the end or when the task is cancelled.
    func next() async throws(Failure) -> Element? {
        while true {
            switch take() {
            case .element(let element): return element
            case .ended: return nil
            case .failed(let error): throw error
            case .empty: break
            }
            guard !Task.isCancelled else { return nil }
            await waitForChange()
        }
    }

    private enum Taken {
        case element(Element)
        case ended
        case failed(Failure)
        case empty
    }

    private func take() -> Taken {
        state.withLock { state in
            if !state.elements.isEmpty { return .element(state.elements.removeFirst()) }
            switch state.ending {
            case .finished: return .ended
            case .failed(let error):
                // The error is thrown once; who asks again gets the end.
                state.ending = .finished
                return .failed(error)
            case nil: return .empty
            }
        }
    }

    private func waitForChange() async {
        let token = state.withLock { state in
            state.nextToken += 1
            return state.nextToken
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let resumeNow: CheckedContinuation<Void, Never>? = state.withLock { state in
                    guard state.elements.isEmpty, state.ending == nil, !Task.isCancelled else { return continuation }
                    // A second consumer is a mistake; it takes the first one's place rather than leaving it hanging.
                    let previous = state.waiter?.continuation
                    state.waiter = (token, continuation)
                    return previous
                }
                resumeNow?.resume()
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiter?.token == token ? Self.takeWaiter(&state) : nil
            }
            waiter?.resume()
        }
    }

    private static func takeWaiter(_ state: inout State) -> CheckedContinuation<Void, Never>? {
        defer { state.waiter = nil }
        return state.waiter?.continuation
    }
}
