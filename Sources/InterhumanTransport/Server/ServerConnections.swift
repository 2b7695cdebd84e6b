import NIOCore
import Synchronization

/// What a server has running: connections, and the tasks of the user's handler.
final class ServerConnections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var tasks: [UInt64: Task<Void, Never>] = [:]
        var nextTask: UInt64 = 0
        var isShuttingDown = false
        var waiters: [CheckedContinuation<Void, Never>] = []

        var isIdle: Bool { channels.isEmpty && tasks.isEmpty }
    }

    private let state = Mutex(State())

    /// Takes note of a new connection; the number of connections with it, or nil when the server shuts down.
    func add(_ channel: any Channel) -> Int? {
        let count = state.withLock { state -> Int? in
            guard !state.isShuttingDown else { return nil }
            state.channels[ObjectIdentifier(channel)] = channel
            return state.channels.count
        }
        if count != nil {
            channel.closeFuture.whenComplete { [self] _ in
                release { $0.channels[ObjectIdentifier(channel)] = nil }
            }
        }
        return count
    }

    /// Runs the user's handler in a task that ``shutDown()`` waits for.
    func run(_ body: @escaping @Sendable () async -> Void) {
        // The task is made inside the lock, so that it can't end before it is in the table.
        state.withLock { state in
            let number = state.nextTask
            state.nextTask += 1
            state.tasks[number] = Task { [self] in
                await body()
                release { $0.tasks[number] = nil }
            }
        }
    }

    /// Ends every connection, then waits until all of them and all tasks are over. Tasks that go on after their
    /// connections are cancelled.
    func shutDown() async {
        let channels = state.withLock { state in
            state.isShuttingDown = true
            return Array(state.channels.values)
        }
        for channel in channels {
            channel.triggerUserOutboundEvent(ConnectionShutdown(), promise: nil)
        }
        for channel in channels { try? await channel.closeFuture.get() }
        let tasks = state.withLock { Array($0.tasks.values) }
        for task in tasks { task.cancel() }
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                if !state.isIdle { state.waiters.append(continuation) }
                return state.isIdle
            }
            if isIdle { continuation.resume() }
        }
    }

    private func release(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            change(&state)
            guard state.isIdle else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
