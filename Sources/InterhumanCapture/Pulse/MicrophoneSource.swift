public import InterhumanCore

/// A microphone as a source of sound, through PulseAudio or PipeWire's pulse server.
///
/// Chunks follow each other without a hole: what the server loses, or doesn't give because it is away or hangs or its
/// source is suspended, is silence. Only of a gap that came at once and is longer than half a minute, as after the
/// process was stopped, the first part is left out: the times jump, and ``MicrophoneStatistics/omitted`` counts it.
/// Times are the machine's monotonic clock's, corrected for the server's latency; a source whose clock is off is stretched
/// to it.
public final class MicrophoneSource: AudioSource {
    private let server: any SoundServer
    private let selector: String?
    private let configuration: MicrophoneConfiguration
    private let microphoneEvents = EventChannel<MicrophoneEvent>()
    private let deviceRun = DeviceRun<MicrophoneWorker>("microphone")
    private let monitor: SourceMonitor

    /// Creates a source for one microphone; nothing is opened before ``start()``.
    ///
    /// - Parameters:
    ///   - microphone: the source's id or exact name, nil for the default that is no monitor.
    ///   - configuration: what to ask of it.
    public convenience init(
        _ microphone: String? = nil, configuration: MicrophoneConfiguration = MicrophoneConfiguration()
    ) {
        self.init(microphone, configuration: configuration, server: PulseServer())
    }

    init(_ microphone: String?, configuration: MicrophoneConfiguration, server: any SoundServer) {
        selector = microphone
        self.configuration = configuration
        self.server = server
        monitor = SourceMonitor { [weak deviceRun] in
            var statistics = SourceStatistics()
            if let microphone = deviceRun?.statistics {
                statistics.dropped = microphone.droppedByConsumer + microphone.overflows
                statistics.driftPartsPerMillion = microphone.driftPartsPerMillion
            }
            return statistics
        }
        microphoneEvents.report(to: monitor)
    }

    /// What happens to the microphone beside its samples. One consumer; a late reader is told how much it missed.
    public var events: MediaSequence<MicrophoneEvent, Never> { microphoneEvents.sequence }

    /// The counters and measures so far.
    public var statistics: MicrophoneStatistics { deviceRun.statistics ?? MicrophoneStatistics() }

    public func start() async throws(CaptureError) -> AudioStream {
        let (events, format) = (microphoneEvents, configuration.format)
        let monitor = monitor
        return try await deviceRun.start { () throws(CaptureError) in
            try makeWorker()
        } describe: { worker, recording in
            AudioStream(
                description: worker.describe(recording), format: format,
                chunks: MediaSequence { () async throws(CaptureError) in try await worker.chunks.next() },
                isLive: true, monitor: monitor)
        } atEnd: {
            events.finish()
        }
    }

    public func stop() async {
        await deviceRun.stop()
        // Before the start there was no run whose end did this.
        microphoneEvents.finish()
        monitor.finish()
    }

    private func makeWorker() throws(CaptureError) -> MicrophoneWorker {
        do throws(SystemFailure) {
            return try MicrophoneWorker(
                server: server, selector: selector, configuration: configuration, events: microphoneEvents)
        } catch {
            throw CaptureError(
                .system, operation: "start the microphone",
                message: "The system gave no descriptor. Raise the limit (ulimit -n) or close what is not needed.",
                underlying: error.description)
        }
    }
}
