import InterhumanCore

/// What a session has to do next.
enum SessionAction: Sendable {
    /// Ask the provider; answer with `credential` or `credentialFailed`.
    case obtainCredential(refreshing: Bool)
    /// Open a connection; answer with `connected` or `connectFailed`, then with what it brings.
    case connect(Credential)
    /// Tell the user that the service did not say it is ready.
    case proceedUnannounced
    /// Send the configuration; answer with `configurationSent` or `sendFailed`.
    case sendConfiguration
    /// Start the sources; answer with `captureStarted` or `captureFailed`.
    case startCapture
    /// Let media flow; answer with `segmentSent`, `mediaEnded` or `mediaFailed`, `mediaSent` or `sendFailed`.
    case startMedia
    /// `start()` has succeeded.
    case reportStarted
    /// End the sources; the media in them still flows.
    case stopCapture
    /// Send `session.close`; answer with `sendFailed` if that fails.
    case requestClose
    /// Tell the user that finishing took too long.
    case reportTimeout
    /// Free everything; answer with `released`.
    case release
    /// Tell everyone that it is over.
    case end(SessionSummary.Completion)
}
