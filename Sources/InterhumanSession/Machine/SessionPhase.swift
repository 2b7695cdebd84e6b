/// How far a session is, whatever its connections do. Documentation/SessionStates.md has the transitions.
enum SessionPhase: String, CaseIterable, Sendable {
    /// Made, not started.
    case idle
    /// The first connection is being opened.
    case starting
    /// Starting the sources.
    case preparing
    /// Media is captured.
    case streaming
    /// What the sources give is discarded until `resume()`.
    case paused
    /// No more capture; what was captured is being encoded and sent.
    case flushing
    /// Everything was sent; the last results come in.
    case draining
    /// The outcome is known; everything is being freed.
    case closing
    /// Nothing is left.
    case ended
}

/// How media gets to the service at the moment.
enum SessionLine: String, CaseIterable, Sendable {
    /// No connection takes media and none is wanted.
    case off
    /// None; waiting before the next attempt.
    case waiting
    /// None; one is being opened.
    case opening
    /// One takes media.
    case open
    /// One takes media, and its successor is being opened.
    case overlapping
    /// None: the old one must end before its successor may be opened.
    case replacing
}
