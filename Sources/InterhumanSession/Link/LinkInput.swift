import InterhumanCore

/// What can happen to a connection.
enum LinkInput: Sendable {
    case begin(refreshing: Bool)
    case credential(Credential)
    case credentialFailed(CredentialError)
    case connected(correlationID: String?)
    case connectFailed(ConnectionError)
    case ready
    case serviceClosing(maximumSeconds: Double)
    case serviceEnded(reason: String)
    case serviceError(ServiceError)
    case otherMessage
    case configurationSent
    /// The network is being given a segment.
    case sendBegan
    /// The network took it.
    case sendEnded
    case sendFailed(ConnectionError)
    /// Nothing more will be sent: ask the service to finish.
    case drain
    /// Nobody needs the connection any more.
    case abandon
    case connectionEnded(ConnectionEnding)
    /// The time that the machine asked for has come.
    case deadline
    case released

    /// Reads what a message means to the machine.
    init(_ body: ServerMessage.Body) {
        self =
            switch body {
            case .sessionReady: .ready
            case .sessionClosing(let closing): .serviceClosing(maximumSeconds: closing.maxDrainSeconds)
            case .sessionEnded(let ended): .serviceEnded(reason: ended.reason)
            case .error(let error): .serviceError(error)
            default: .otherMessage
            }
    }
}
