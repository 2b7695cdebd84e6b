public import InterhumanCore
import Synchronization

/// A connector without a network: every attempt goes as the script says, and everything is recorded.
public final class ScriptedConnector: AnalysisConnector {
    /// How one attempt goes.
    public enum Attempt: Sendable {
        /// The connection opens and follows the script.
        case accept(ConnectionScript)
        /// The attempt fails.
        case refuse(ConnectionError)
        /// Nothing happens until the caller is cancelled.
        case hang
    }

    private struct State {
        var attempts: [Attempt]
        var requests: [ConnectionRequest] = []
        var connections: [ScriptedConnection] = []
    }

    private let state: Mutex<State>
    private let news = EventCount()

    /// Creates a connector; an attempt beyond the last one is refused as unreachable.
    public init(_ attempts: [Attempt]) {
        state = Mutex(State(attempts: attempts))
    }

    /// The requests so far.
    public var requests: [ConnectionRequest] { state.withLock { $0.requests } }

    /// The connections opened so far.
    public var connections: [ScriptedConnection] { state.withLock { $0.connections } }

    public func connect(_ request: ConnectionRequest) async throws(ConnectionError) -> any AnalysisConnection {
        let attempt = state.withLock { state in
            state.requests.append(request)
            return state.attempts.isEmpty ? nil : state.attempts.removeFirst()
        }
        news.advance()
        switch attempt {
        case .accept(let script):
            let connection = ScriptedConnection(script)
            state.withLock { $0.connections.append(connection) }
            news.advance()
            return connection
        case .refuse(let error):
            throw error
        case .hang:
            let never = Wakeup()
            while !Task.isCancelled { await never.wait() }
            throw ConnectionError(
                .cancelled, operation: "connect", message: "The attempt was cancelled. Start a new one.")
        case nil:
            throw ConnectionError(
                .unreachable, operation: "connect",
                message: "The script has no further attempt. Give the connector one for each.")
        }
    }

    /// Waits for the n-th request, counted from 1; nil when the task is cancelled.
    public func request(_ number: Int = 1) async -> ConnectionRequest? {
        await item(number) { $0.requests }
    }

    /// Waits for the n-th connection, counted from 1; nil when the task is cancelled.
    public func connection(_ number: Int = 1) async -> ScriptedConnection? {
        await item(number) { $0.connections }
    }

    private func item<Item: Sendable>(_ number: Int, in list: @Sendable (State) -> [Item]) async -> Item? {
        await news.first {
            let items = state.withLock { list($0) }
            return number > 0 && items.count >= number ? items[number - 1] : nil
        }
    }
}
