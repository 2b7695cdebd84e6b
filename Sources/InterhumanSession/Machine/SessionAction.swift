import InterhumanCore

/// What a session has to do next.
enum SessionAction: Sendable {
    /// Open a connection of this number; answer with `linkOpened` and `linkEnded`.
    case openLink(Int, refreshing: Bool)
    /// Ask the service to finish on a connection; answer with `linkEnded`.
    case drain(Int)
    /// Close a connection that nobody needs; no answer.
    case abandon(Int)
    /// Start the sources; answer with `captureStarted` or `captureFailed`.
    case startCapture
    /// Let media flow; answer with `segmentSent`, `segmentWaiting`, `outboxOverflowed`, `mediaEnded` or `mediaFailed`,
    /// and `mediaSent`.
    case startMedia
    /// `start()` has succeeded.
    case reportStarted
    /// Discard what the sources give, after what they gave before was encoded.
    case pauseMedia
    /// Encode what the sources give again.
    case resumeMedia
    /// End the sources; the media in them still flows.
    case stopCapture
    /// Tell the user that the connection was lost or can't be made, and what follows.
    case reportReconnecting(Reconnecting)
    /// Tell the user that media flows again.
    case reportReconnected(Reconnected)
    /// Tell the user that a successor took over.
    case reportRolledOver(from: Int, to: Int)
    /// Tell the user that the successor could not be opened yet.
    case reportRolloverDelayed(SessionError)
    /// Tell the user that finishing took too long.
    case reportTimeout
    /// Tell the user that the connection was lost after everything was sent, before the service had finished.
    case reportDrainInterrupted(SessionError)
    /// Free everything; answer with `released`.
    case release
    /// Tell everyone that it is over.
    case end(SessionSummary.Completion)
}
