public import InterhumanCore

/// Something that a session survives but its user should know.
public enum SessionWarning: Sendable, CustomStringConvertible {
    /// The service doesn't offer what the configuration asks for.
    case unsupportedOption(field: String, value: String, supported: [String])
    /// The session has no such track; the service works best with both.
    case missingTrack(MediaTrack)
    /// A track gives nothing while the other goes on.
    case trackSilent(MediaTrack)
    /// A source failed; what was captured before is sent, then the error is thrown.
    case captureFailed(CaptureError)
    /// The encoder failed; what was encoded before is sent, then the error is thrown.
    case encodeFailed(EncodeError)
    /// The spool can't keep what waits; it waits in memory only.
    case spoolFailed(SpoolError)
    /// The next connection could not be opened yet; the present one goes on.
    case rolloverDelayed(SessionError)
    /// The network took nothing, or the service did not finish, in the time allowed: results may be missing.
    case finishTimedOut
    /// Everything was sent, then the connection was lost before the service had finished: results may be missing.
    case drainInterrupted(SessionError)

    public var description: String {
        switch self {
        case .unsupportedOption(let field, let value, let supported):
            "The service doesn't offer \(value) for \(field); it offers \(supported.joined(separator: ", "))."
        case .missingTrack(let track):
            "The session has no \(track.rawValue). The service needs both video and audio for full results."
        case .trackSilent(let track):
            "The \(track.rawValue) source gives nothing while the other goes on. Check the device."
        case .captureFailed(let error): error.description
        case .encodeFailed(let error): error.description
        case .spoolFailed(let error): error.description
        case .rolloverDelayed(let error): "The next connection could not be opened yet. \(error)"
        case .finishTimedOut:
            "The session could not be finished in the time allowed. Results for its last seconds may be missing."
        case .drainInterrupted(let error):
            """
            All media was sent, but the connection was lost before the service had finished. Results for the last \
            seconds may be missing. \(error)
            """
        }
    }
}

/// One of the two kinds of media.
public enum MediaTrack: String, Sendable, Hashable, CaseIterable {
    /// Pictures.
    case video
    /// Sound.
    case audio

    var other: MediaTrack { self == .video ? .audio : .video }
}
