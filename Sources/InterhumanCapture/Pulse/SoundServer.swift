import InterhumanCore

/// A sound server as the capture layer sees it: PulseAudio in life, a script in tests. Its calls block, until `stop` is
/// given at the latest: they throw then, with code `cancelled`.
protocol SoundServer: Sendable {
    /// The sources.
    func microphones(until stop: StopSignal) throws(CaptureError) -> [Microphone]

    /// Begins to record. `handler` is called on the server's own thread, one call at a time, and must not block.
    func record(
        _ request: RecordRequest, until stop: StopSignal,
        handler: @escaping @Sendable (borrowing RecordingNotice) -> Void
    ) throws(CaptureError) -> any Recording

    /// The present instant on `CLOCK_MONOTONIC`.
    var now: MediaTime { get }
}

/// A recording in progress.
protocol Recording: AnyObject, Sendable {
    /// The source's id, and the fragment that the server granted.
    var source: String { get }
    var fragment: Duration { get }

    /// Ends the recording; no call of the handler follows its return.
    func close()
}

/// What to record.
struct RecordRequest: Sendable, Equatable {
    /// The source's id.
    var source: String
    var format: AudioFormat
    var fragment: Duration
    /// Whether the server may move the recording to another source.
    var mayMove: Bool
    /// The default source's id when this source was chosen, nil when there was none: another one is told as a change,
    /// also when it changed before the recording could listen.
    var knownDefault: String?
}

/// What a recording tells. The samples end with the call.
struct RecordingNotice: ~Copyable {
    enum Content {
        /// Interleaved samples; `captured` is the first one's time where the server knows it yet.
        case samples(UnsafeBufferPointer<Int16>, captured: MediaTime?)
        /// So many samples were lost in the server's buffer.
        case hole(sampleCount: Int, captured: MediaTime?)
        case overflowed
        /// The recording comes from another source, which may be suspended: nothing else tells it then.
        case moved(to: String, isSuspended: Bool)
        case suspended(Bool)
        case muted(Bool)
        case defaultChanged(to: String, isMonitor: Bool)
        /// The recording is over.
        case failed(CaptureError)
    }

    let content: Content

    init(_ content: Content) {
        self.content = content
    }
}
