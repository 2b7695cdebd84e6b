import Interhuman
import Synchronization

/// A provider whose key goes stale when the service changes its own.
final class RotatingCredential: CredentialProvider {
    private let state = Mutex((number: 0, cached: 0, refreshes: 0))
    let isUp = OneShot<Void>()

    /// Makes the service's next key.
    func rotate() -> String {
        state.withLock { state in
            state.number += 1
            return "key-\(state.number)"
        }
    }

    var refreshes: Int { state.withLock { $0.refreshes } }

    func credential(refreshing: Bool) async throws(CredentialError) -> Credential {
        state.withLock { state in
            if refreshing || state.cached == 0 { state.cached = state.number }
            if refreshing { state.refreshes += 1 }
            return Credential("key-\(state.cached)")
        }
    }
}

/// A provider of credentials that live for a while. It hands out the one it has until it is asked for a fresh one.
final class ExpiringCredential: CredentialProvider {
    /// What the service takes for a credential that has not expired.
    static let accepted = Credential("not-expired")

    private let clock = SystemClock()
    private let lifetime: Duration
    private let state = Mutex((issued: 0, expiry: MediaTime.zero))

    init(lifetime: Duration) {
        self.lifetime = lifetime
    }

    /// How many there were.
    var issued: Int { state.withLock { $0.issued } }

    /// When the present one expires.
    var expiry: MediaTime { state.withLock { $0.expiry } }

    func credential(refreshing: Bool) async throws(CredentialError) -> Credential {
        let now = clock.now
        return state.withLock { state in
            if refreshing || state.issued == 0 {
                state.issued += 1
                state.expiry = now + lifetime
            }
            return Credential("key-\(state.issued)")
        }
    }
}

/// Adds to the local service what it does not know: that credentials expire. An expired one gets the service's own 401, and
/// a connection whose credential expires gets the error of the API (ih2010) and is closed with 1008.
struct ExpiringConnector: AnalysisConnector {
    let base: WebSocketConnector
    let credentials: ExpiringCredential

    func connect(_ request: ConnectionRequest) async throws(ConnectionError) -> any AnalysisConnection {
        var request = request
        let expiry = credentials.expiry
        request.credential = SystemClock().now < expiry ? ExpiringCredential.accepted : Credential("expired")
        return ExpiringConnection(base: try await base.connect(request), expiry: expiry)
    }
}

private final class ExpiringConnection: AnalysisConnection {
    private enum News: Sendable {
        case event(ConnectionEvent?)
        case expired
    }

    private let base: any AnalysisConnection
    private let expiry: MediaTime
    /// 0 while the credential is good, 1 when the error was told, 2 when the end was.
    private let stage = Mutex(0)

    init(base: any AnalysisConnection, expiry: MediaTime) {
        self.base = base
        self.expiry = expiry
    }

    var correlationID: String? { base.correlationID }

    var events: MediaSequence<ConnectionEvent, Never> {
        MediaSequence { [self] () async throws(Never) -> ConnectionEvent? in
            if stage.withLock({ $0 }) == 1 {
                stage.withLock { $0 = 2 }
                await base.close()
                return .ended(ConnectionEnding(closeCode: 1008, reason: "token expired", initiator: .remote))
            }
            switch await firstNews() {
            case .event(let event): return event
            case .expired:
                stage.withLock { $0 = 1 }
                let error = ServiceError(code: .tokenExpired, message: "The token has expired.")
                return .message(ServerMessage(type: "error", body: .error(error)))
            }
        }
    }

    /// The service's next event, or the expiry. A cancelled wait for an event takes none.
    private func firstNews() async -> News {
        await withTaskGroup(of: News?.self) { group in
            group.addTask { [base] in
                var events = base.events.makeAsyncIterator()
                let event = await events.next()
                return event == nil && Task.isCancelled ? nil : .event(event)
            }
            group.addTask { [expiry] in
                do {
                    try await SystemClock().sleep(until: expiry)
                    return .expired
                } catch {
                    return nil
                }
            }
            var news: News?
            for await item in group {
                // An event that came while the expiry was cancelling it is not lost: it counts.
                if case .event = item { news = item } else if news == nil { news = item }
                group.cancelAll()
            }
            return news ?? .event(nil)
        }
    }

    func send(_ configuration: SessionConfiguration) async throws(ConnectionError) {
        try await base.send(configuration)
    }

    func send(_ segment: MediaSegment, includingHeader: Bool) async throws(ConnectionError) {
        try await base.send(segment, includingHeader: includingHeader)
    }

    func requestClose() async throws(ConnectionError) {
        try await base.requestClose()
    }

    func close() async {
        await base.close()
    }
}
