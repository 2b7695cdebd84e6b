import Synchronization

/// The messages of a session on their way to its one writer: put in without waiting, so that their order is that in
/// which they were decided; whoever put them in waits for room afterwards.
///
/// Holds at most `capacity` messages and what its few producers add in one go each.
final class SessionOutbox: Sendable {
    /// What the writer is to do.
    enum Item: Sendable, Equatable {
        case text(String)
        /// Only on request, as a fault.
        case binary([UInt8])
        case close(code: UInt16, reason: String)
    }

    private struct State {
        var items: [Item] = []
        var isFinished = false
        var reader: CheckedContinuation<Void, Never>?
        var writers: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWriter = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int = 64) {
        self.capacity = max(1, capacity)
    }

    /// Adds an item; dropped after ``finish()``, when nothing can be sent any more.
    func append(_ item: Item) {
        let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.isFinished else { return nil }
            state.items.append(item)
            return state.reader.take()
        }
        reader?.resume()
    }

    /// Waits until there is room for more, or no more are wanted, or the task is cancelled.
    func waitForRoom() async {
        let id = state.withLock { state in
            state.nextWriter += 1
            return state.nextWriter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    guard state.items.count >= capacity, !state.isFinished, !Task.isCancelled else { return false }
                    state.writers[id] = continuation
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.writers.removeValue(forKey: id) }?.resume()
        }
    }

    /// The next item, or nil after ``finish()`` or when the task is cancelled. One reader.
    func next() async -> Item? {
        while !Task.isCancelled {
            let (item, isFinished, writers) = state.withLock { state in
                guard !state.items.isEmpty else { return (Item?.none, state.isFinished, Self.noWriters) }
                let item = state.items.removeFirst()
                return (item, false, state.items.count < capacity ? Self.takeWriters(&state) : Self.noWriters)
            }
            for writer in writers { writer.resume() }
            if let item { return item }
            if isFinished { return nil }
            await waitForItem()
        }
        return nil
    }

    private func waitForItem() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    guard state.items.isEmpty, !state.isFinished, !Task.isCancelled else { return false }
                    state.reader = continuation
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.reader.take() }?.resume()
        }
    }

    /// Drops everything and lets everybody go: nothing can be sent any more.
    func finish() {
        let (reader, writers) = state.withLock { state in
            state.isFinished = true
            state.items.removeAll()
            return (state.reader.take(), Self.takeWriters(&state))
        }
        reader?.resume()
        for writer in writers { writer.resume() }
    }

    private static let noWriters: [CheckedContinuation<Void, Never>] = []

    private static func takeWriters(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
        defer { state.writers.removeAll() }
        return Array(state.writers.values)
    }
}
