/// What a session does about a failure.
public enum Recovery: Sendable, Hashable {
    /// Connect again after a pause.
    case retry(RetryPace)
    /// Ask the credential provider for a fresh credential and connect again at once; the second refusal in a row ends
    /// the session.
    case refreshCredential
    /// Begin the container anew: the next message carries its header. If the connection ended, connect again.
    case restartContainer
    /// Tell the user and go on. If the connection ended, connect again.
    case report
    /// End the session: trying again can't help.
    case stop
}

/// How long to wait before connecting again; see ``ReconnectPolicy``.
public enum RetryPace: Sendable, Hashable, CaseIterable {
    /// At once after a connection that carried media, else as ``normal``.
    case immediate
    /// Full jitter below a ceiling that doubles with each failure.
    case normal
    /// Between half of the longest delay and the whole of it.
    case slow
}
