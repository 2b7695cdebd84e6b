import InterhumanCore

/// What can happen to a session.
enum SessionInput: Sendable {
    case start
    case finish
    case cancel
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
    case captureStarted
    case captureFailed(CaptureError)
    case segmentSent
    /// Everything captured was encoded.
    case mediaEnded
    /// The sources or the encoder failed; what was encoded before will still be sent.
    case mediaFailed(SessionError.Cause)
    /// Everything encoded was sent.
    case mediaSent
    case sendFailed(ConnectionError)
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
