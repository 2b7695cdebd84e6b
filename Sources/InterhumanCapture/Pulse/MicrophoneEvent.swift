import InterhumanCore

/// What happens to a running microphone, beside its samples.
public enum MicrophoneEvent: Sendable, Hashable {
    /// Samples flow; the text says what was asked and what was granted.
    case started(String)
    /// The server moved the recording to another source.
    case moved(to: String)
    /// The source was suspended; no samples come until it resumes.
    case suspended
    /// The source resumed.
    case resumed
    /// Nothing came for so long; the recording is opened afresh.
    case stalled(Duration)
    /// The recording ended or the server went away; it is opened afresh.
    case lost(String)
    /// It could not be opened for the reason given; it is tried again after so long.
    case retrying(after: Duration, String)
    /// The recording goes on after a loss, on the same timeline.
    case returned
    /// The source was muted or unmuted.
    case muted(Bool)
    /// Nothing but zeros for the configured time: a mute somewhere, or the wrong source.
    case silent
    /// Something else than zeros after ``silent``.
    case audible
    /// The timeline had a gap (positive: filled with silence, of which the last half minute is made; negative: overlapping
    /// samples dropped).
    case resynchronized(Duration)
    /// The server lost samples because they were not read in time.
    case overflowed
    /// Nobody read events and so many were dropped.
    case eventsDropped(Int)
}

extension MicrophoneEvent: InterruptionEvent {
    var sourceEvent: SourceEvent? {
        switch self {
        case .lost(let reason): .lost(reason: reason)
        case .suspended: .lost(reason: "The microphone was suspended. Silence goes on until it resumes.")
        case .stalled(let time): .lost(reason: "No sound came for \(time). The microphone is opened afresh.")
        case .started, .returned, .resumed: .returned
        case .moved, .retrying, .muted, .silent, .audible, .resynchronized, .overflowed, .eventsDropped: nil
        }
    }
}

/// Running counters and measures of a microphone.
public struct MicrophoneStatistics: Sendable, Hashable {
    /// Sample frames handed on, silence included.
    public var delivered: UInt64 = 0
    /// Sample frames of silence put in for holes, gaps and interruptions.
    public var filled: UInt64 = 0
    /// Sample frames of silence that a gap was too long for: the times of the chunks jump over them.
    public var omitted: UInt64 = 0
    /// Sample frames dropped because the timeline had gone past them.
    public var skipped: UInt64 = 0
    /// Chunks that the consumer was too slow for.
    public var droppedByConsumer: UInt64 = 0
    /// Times that the server lost samples.
    public var overflows: UInt64 = 0
    /// Times that the recording was opened again.
    public var restarts: UInt64 = 0
    /// How much slower the source's clock runs than the machine's, in parts per million; 0 until it is known.
    public var driftPartsPerMillion: Double = 0
    /// How far the samples' own times were from the timeline's, last window's median, in seconds.
    public var offset: Double = 0
    /// The present level.
    public var level = AudioLevel()

    /// Creates zeros.
    public init() {}
}

/// How loud the last chunk was; full scale is 1.
public struct AudioLevel: Sendable, Hashable {
    /// Root mean square.
    public var rms: Double = 0
    /// Largest absolute sample.
    public var peak: Double = 0

    /// Creates silence.
    public init() {}
}
