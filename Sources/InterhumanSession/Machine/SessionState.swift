/// Where a session is. Documentation/SessionStates.md has the transitions.
enum SessionState: String, CaseIterable, Sendable {
    /// Made, not started.
    case idle
    /// Waiting for the credential provider.
    case authorizing
    /// Waiting for the connection to open.
    case connecting
    /// Connected; waiting for `session.ready`, or until it is clear that none will come.
    case awaitingReady
    /// Sending the configuration.
    case configuring
    /// Starting the sources.
    case preparing
    /// Media goes out, results come in.
    case streaming
    /// No more capture; what was captured is being encoded and sent.
    case flushing
    /// `session.close` was asked for; the last results come in.
    case draining
    /// Sending failed; waiting for the service's word on why.
    case breaking
    /// The outcome is known; everything is being freed.
    case closing
    /// Nothing is left.
    case ended
}
