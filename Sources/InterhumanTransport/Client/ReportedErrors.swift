import InterhumanCore

/// What the service reported in `error` envelopes on one connection, message by message.
struct ReportedErrors: Sendable {
    /// The last one.
    private(set) var last: ServiceError?
    /// The last one unless the service went on after it: only that can be why the connection ends.
    private(set) var cause: ServiceError?

    /// Takes note of the next message. Taking leave of the client is not going on.
    mutating func note(_ body: ServerMessage.Body) {
        switch body {
        case .error(let error): (last, cause) = (error, error)
        case .sessionClosing, .sessionEnded: break
        default: cause = nil
        }
    }
}
