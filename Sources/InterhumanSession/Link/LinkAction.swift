import InterhumanCore

/// What a connection has to do next.
enum LinkAction: Sendable {
    /// Ask the provider; answer with `credential` or `credentialFailed`.
    case obtainCredential(refreshing: Bool)
    /// Open the connection; answer with `connected` or `connectFailed`, then with what it brings.
    case connect(Credential)
    /// Tell the user that the service did not say it is ready.
    case proceedUnannounced
    /// Send the configuration; answer with `configurationSent` or `sendFailed`.
    case sendConfiguration
    /// The session may send media on it.
    case reportOpen
    /// Send `session.close`; answer with `sendFailed` if that fails.
    case requestClose
    /// Tell the session how it ended, once.
    case reportEnded(LinkEnding)
    /// Free everything; answer with `released`.
    case release
}

/// How a connection ended.
enum LinkEnding: Sendable {
    /// It could not be made, was refused or was lost.
    case failed(SessionError)
    /// It was asked to end, and did so in this way.
    case drained(SessionSummary.Completion)
}
