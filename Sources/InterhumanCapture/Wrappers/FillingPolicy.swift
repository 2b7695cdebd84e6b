public import InterhumanCore

/// When a source counts as missing, and for how long something takes its place.
public struct FillingPolicy: Sendable, Hashable {
    /// How long nothing may come before the filling begins. It also stays so far behind the present, so that what comes
    /// late after all still finds its place. The session waits a second for a track before it goes on without it.
    public var patience: Duration = .milliseconds(500)
    /// Whether the filling goes on when the source fails, until the stream is stopped. Otherwise the error is thrown.
    public var outlastsFailure = false

    /// Creates a policy of defaults.
    public init() {}
}

/// What happens to a source whose gaps are filled.
public enum FillingEvent: Sendable, Hashable {
    /// The source gives nothing; what follows from this time on is filling.
    case began(at: MediaTime)
    /// The source gives again, from this time on.
    case ended(at: MediaTime)
    /// The source failed for good; the filling goes on.
    case failed(CaptureError)
    /// Nobody read events and so many were dropped.
    case eventsDropped(Int)
}

extension FillingEvent: InterruptionEvent {
    var sourceEvent: SourceEvent? {
        switch self {
        case .began: .lost(reason: "The source gives nothing. Its gap is filled until it returns.")
        case .failed(let error): .lost(reason: error.message)
        case .ended: .returned
        case .eventsDropped: nil
        }
    }
}

/// Running counters of a source whose gaps are filled.
public struct FillingStatistics: Sendable, Hashable {
    /// How often the source was missing.
    public var gaps: UInt64 = 0
    /// Pictures repeated, or sample frames of silence put in.
    public var filled: UInt64 = 0
    /// Pictures or sample frames that came too late: their time was filled already.
    public var skipped: UInt64 = 0

    /// Creates zeros.
    public init() {}
}
