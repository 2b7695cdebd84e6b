/// How a connection ended.
public struct Disconnection: Sendable {
    /// How it ended in order; nil when it was lost or refused.
    public var completion: SessionSummary.Completion?
    /// Why it was lost or refused; nil when it ended in order.
    public var cause: SessionError?

    /// Creates an account of a connection that ended in order, or one that was lost.
    public init(completion: SessionSummary.Completion? = nil, cause: SessionError? = nil) {
        self.completion = completion
        self.cause = cause
    }

    init(_ ending: LinkEnding) {
        switch ending {
        case .drained(let completion): self.completion = completion
        case .failed(let error): cause = error
        }
    }
}
