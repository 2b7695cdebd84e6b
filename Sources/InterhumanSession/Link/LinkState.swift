/// Where one connection of a session is. Documentation/SessionStates.md has the transitions.
enum LinkState: String, CaseIterable, Sendable {
    /// Made, not begun.
    case idle
    /// Waiting for the credential provider.
    case authorizing
    /// Waiting for the connection to open.
    case connecting
    /// Connected; waiting for `session.ready`, or until it is clear that none will come.
    case awaitingReady
    /// Sending the configuration.
    case configuring
    /// Takes media, brings results.
    case open
    /// `session.close` was asked for; the last results come in.
    case draining
    /// Sending failed; waiting for the service's word on why.
    case breaking
    /// The outcome is known and told; everything is being freed.
    case closing
    /// Nothing is left.
    case closed
}
