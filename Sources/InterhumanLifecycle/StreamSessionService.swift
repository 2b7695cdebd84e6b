public import InterhumanSession
public import ServiceLifecycle

/// A session as a service of a `ServiceGroup`, which ends it in order.
///
/// ```swift
/// let service = StreamSessionService(session) { event in
///     if case .signalDetected(let signals) = event.kind { await store(signals) }
/// }
/// try await ServiceGroup(services: [service], gracefulShutdownSignals: [.sigterm], logger: logger).run()
/// ```
///
/// Graceful shutdown is `StreamSession.finish()`: what was captured is sent and the last results come. It takes as long
/// as that says; give the group a `maximumGracefulShutdownDuration` beyond it. Cancelling is `StreamSession.cancel()`.
/// The service ends with the session, and throws what the session throws.
public struct StreamSessionService: Service {
    private let session: StreamSession
    private let receive: @Sendable (SessionEvent) async throws -> Void

    /// Creates a service.
    ///
    /// - Parameters:
    ///   - session: A session that was not started.
    ///   - receive: Takes each event, in order, the last one included. What it throws cancels the session and ends the
    ///     service.
    public init(_ session: StreamSession, receive: @escaping @Sendable (SessionEvent) async throws -> Void) {
        self.session = session
        self.receive = receive
    }

    public func run() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                do { try await gracefulShutdown() } catch { return false }
                await session.finish()
                return false
            }
            group.addTask {
                try await passEvents()
                return true
            }
            defer { group.cancelAll() }
            while let isOver = try await group.next(), !isOver {}
        }
    }

    private func passEvents() async throws {
        do {
            for try await event in try await session.start() { try await receive(event) }
        } catch let error as SessionError where error.code == .cancelled && Task.isShuttingDownGracefully {
            // The shutdown came before the session had begun: it has nothing to finish and did not fail.
            return
        } catch {
            await session.cancel()
            throw error
        }
    }
}

/// A session is a service by itself: its events go to those who subscribed (`StreamSession.subscribe(capacity:)`).
/// ``StreamSessionService`` hands them to a closure instead, and waits for it.
extension StreamSession: Service {
    /// Runs the session to its end; see ``StreamSessionService``.
    public func run() async throws {
        try await StreamSessionService(self) { _ in }.run()
    }
}
