import InterhumanCore
import InterhumanTransport
import Testing

/// The error with which connecting fails; records an issue when it succeeds.
func failure(
    of request: ConnectionRequest, tls: TLSConfiguration = TLSConfiguration(usesSystemTrust: false),
    connectTimeout: Duration = patience, sourceLocation: SourceLocation = #_sourceLocation
) async -> ConnectionError? {
    let connector = WebSocketConnector(.patient(tls: tls, connectTimeout: connectTimeout))
    do throws(ConnectionError) {
        let channel = try await connector.connectWebSocket(request)
        Issue.record("The connection was opened.", sourceLocation: sourceLocation)
        await channel.abort()
        return nil
    } catch {
        return error
    }
}
