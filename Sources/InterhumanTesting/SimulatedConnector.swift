public import InterhumanCore
import Synchronization

/// A connector whose connections behave as their ``SimulatedLink`` says, on a clock that the test moves.
public final class SimulatedConnector: AnalysisConnector {
    private let clock: any MediaClock
    private let link: @Sendable (Int) -> SimulatedLink
    private let state = Mutex<(attempts: Int, connections: [SimulatedConnection])>((0, []))

    /// Creates a connector.
    ///
    /// - Parameters:
    ///   - clock: Times everything.
    ///   - link: How the n-th attempt goes, counted from 1.
    public init(clock: any MediaClock, link: @escaping @Sendable (Int) -> SimulatedLink) {
        self.clock = clock
        self.link = link
    }

    /// Attempts so far.
    public var attempts: Int { state.withLock { $0.attempts } }

    /// The connections opened so far.
    public var connections: [SimulatedConnection] { state.withLock { $0.connections } }

    public func connect(_ request: ConnectionRequest) async throws(ConnectionError) -> any AnalysisConnection {
        let number = state.withLock { state in
            state.attempts += 1
            return state.attempts
        }
        let link = link(number)
        do {
            if link.openingTime > .zero { try await clock.sleep(until: clock.now + link.openingTime) }
        } catch {
            throw Self.cancelled
        }
        if case .hangs = link.opening {
            // Nobody signals it. A sleep until the end of time would be an instant that a clock can be moved to.
            let never = Wakeup()
            while !Task.isCancelled { await never.wait() }
            throw Self.cancelled
        }
        if case .refuses(let error) = link.opening { throw error }
        if let limit = link.breaksAfterBytes, limit < link.handshakeBytes {
            throw ConnectionError(
                .connectionLost, operation: "connect", message: "The connection broke in the handshake. Try again.")
        }
        let connection = SimulatedConnection(link, number: number, clock: clock)
        state.withLock { $0.connections.append(connection) }
        return connection
    }

    private static let cancelled = ConnectionError(
        .cancelled, operation: "connect", message: "The attempt was cancelled. Start a new one.")
}
