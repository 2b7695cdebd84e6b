import NIOCore
import Synchronization

/// Elements on their way from an event loop to one consumer: bounded by telling the producer when to stop reading.
final class MessageQueue<Element: Sendable>: Sendable {
    private struct State {
        var elements = CircularBuffer<(element: Element, byteCount: Int)>()
        var byteCount = 0
        /// Of the element that the consumer has, until it asks for another.
        var byteCountInHand = 0
        var isFinished = false
        var isPaused = false
        var consumer: CheckedContinuation<Element?, Never>?
    }

    /// Most elements that wait before reading stops.
    private let countLimit: Int
    /// Most payload bytes that wait before reading stops.
    private let byteLimit: Int
    private let state = Mutex(State())
    /// What is in the queue, and in the consumer's hands, is counted here.
    private let account: ReceiveLedger.Account?
    /// Called when reading may go on, in the consumer's task.
    private let onResume: @Sendable () -> Void

    init(
        countLimit: Int = 64, byteLimit: Int = 4_194_304, account: ReceiveLedger.Account? = nil,
        onResume: @escaping @Sendable () -> Void
    ) {
        self.account = account
        self.countLimit = countLimit
        self.byteLimit = byteLimit
        self.onResume = onResume
    }

    /// Appends an element. An element always fits; fullness is ``isFull``'s to say before the next.
    func append(_ element: Element, byteCount: Int) {
        let consumer = state.withLock { state -> CheckedContinuation<Element?, Never>? in
            guard !state.isFinished else { return nil }
            account?.add(byteCount)
            if let consumer = state.consumer.take() {
                state.byteCountInHand = byteCount
                return consumer
            }
            state.elements.append((element, byteCount))
            state.byteCount += byteCount
            return nil
        }
        consumer?.resume(returning: element)
    }

    /// Ends the queue after what is in it.
    func finish() {
        let consumer = state.withLock { state in
            state.isFinished = true
            return state.consumer.take()
        }
        consumer?.resume(returning: nil)
    }

    /// Whether there is so much that reading must stop until `onResume` is called.
    func pausesReading() -> Bool {
        state.withLock { state in
            state.isPaused =
                !state.isFinished && (state.elements.count >= countLimit || state.byteCount >= byteLimit)
            return state.isPaused
        }
    }

    /// What is in the queue, which keeps it.
    var waiting: [Element] {
        state.withLock { $0.elements.map(\.element) }
    }

    /// Payload bytes in the queue.
    var waitingByteCount: Int {
        state.withLock { $0.byteCount }
    }

    /// The next element; nil at the end or when the task is cancelled.
    func next() async -> Element? {
        guard !Task.isCancelled else { return nil }
        switch take() {
        case .some(let element): return element
        case .none: return await wait()
        }
    }

    /// An element that is there, or the end; nil when there is neither.
    private func take() -> Element?? {
        let (result, resumes) = state.withLock { pop(&$0) }
        if resumes { onResume() }
        return result
    }

    /// Takes the first element; the flag says that reading may go on.
    private func pop(_ state: inout State) -> (Element??, resumes: Bool) {
        account?.add(-state.byteCountInHand)
        state.byteCountInHand = state.elements.first?.byteCount ?? 0
        guard let first = state.elements.popFirst() else { return (state.isFinished ? .some(nil) : nil, false) }
        state.byteCount -= first.byteCount
        let isLow = state.elements.count <= countLimit / 2 && state.byteCount <= byteLimit / 2
        guard state.isPaused, isLow else { return (first.element, false) }
        state.isPaused = false
        return (first.element, true)
    }

    private func wait() async -> Element? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Element?, Never>) in
                let (ready, resumes) = state.withLock { state -> (Element??, Bool) in
                    // A second consumer would wait for ever in the first one's place: it gets the end instead.
                    guard state.consumer == nil, !Task.isCancelled else { return (.some(nil), false) }
                    let (ready, resumes) = pop(&state)
                    if case .none = ready { state.consumer = continuation }
                    return (ready, resumes)
                }
                if resumes { onResume() }
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            state.withLock { $0.consumer.take() }?.resume(returning: nil)
        }
    }
}
