/// A bounded queue from a thread, which may block, to one task, which suspends.
final class HandoffQueue<Element: Sendable, Failure: Error>: Sendable {
    private typealias Consumer = CheckedContinuation<Result<Element?, Failure>, Never>

    private struct State {
        var elements: [Element] = []
        var consumer: Consumer?
        /// Set at the end: no more comes, because of the failure if there is one.
        var ending: Result<Element?, Failure>?
    }

    private let state = Monitor(State())
    private let capacity: Int
    private let cancellation: Failure

    /// Creates a queue for `capacity` elements; `cancellation` is what a cancelled consumer gets.
    init(capacity: Int, cancellation: Failure) {
        self.capacity = max(1, capacity)
        self.cancellation = cancellation
    }

    /// Hands over an element; blocks the thread while the queue is full. False when nobody wants more.
    func push(_ element: Element) -> Bool {
        let (isOpen, consumer) = state.wait { [capacity] state -> (Bool, Consumer?)? in
            guard state.ending == nil else { return (false, nil) }
            if let consumer = state.consumer {
                state.consumer = nil
                return (true, consumer)
            }
            guard state.elements.count < capacity else { return nil }
            state.elements.append(element)
            return (true, nil)
        }
        consumer?.resume(returning: .success(element))
        return isOpen
    }

    /// Ends the queue: the consumer gets what is in it, then nil or the failure. Only the first end counts.
    func finish(_ failure: Failure? = nil) {
        end(failure, discarding: false)
    }

    /// Ends the queue at once and forgets what is in it.
    func abandon(_ failure: Failure) {
        end(failure, discarding: true)
    }

    private func end(_ failure: Failure?, discarding: Bool) {
        let ending: Result<Element?, Failure> = failure.map { .failure($0) } ?? .success(nil)
        let consumer = state.withLock { state -> Consumer? in
            if discarding { state.elements.removeAll() }
            guard state.ending == nil else { return nil }
            state.ending = ending
            defer { state.consumer = nil }
            return state.consumer
        }
        consumer?.resume(returning: ending)
    }

    /// The next element; nil at the end.
    func next() async throws(Failure) -> Element? {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: Consumer) in
                wait(with: continuation)
            }
        } onCancel: {
            releaseConsumer()
        }
        return try result.get()
    }

    private func wait(with continuation: Consumer) {
        let ready = state.withLock { state -> Result<Element?, Failure>? in
            if !state.elements.isEmpty { return .success(state.elements.removeFirst()) }
            if let ending = state.ending { return ending }
            if state.consumer == nil { state.consumer = continuation; return nil }
            return .failure(cancellation)  // A second consumer at the same time, against the contract.
        }
        if let ready {
            continuation.resume(returning: ready)
        } else if Task.isCancelled {
            releaseConsumer()  // The handler may have run before the continuation was stored.
        }
    }

    private func releaseConsumer() {
        let consumer = state.withLock { state -> Consumer? in
            defer { state.consumer = nil }
            return state.consumer
        }
        consumer?.resume(returning: .failure(cancellation))
    }
}
