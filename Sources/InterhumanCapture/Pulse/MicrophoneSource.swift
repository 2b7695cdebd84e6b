public import InterhumanCore
import Synchronization

/// A microphone as a source of sound, through PulseAudio or PipeWire's pulse server.
///
/// Chunks follow each other without a hole: what the server loses or a suspended source doesn't give is silence. Their
/// times are the machine's monotonic clock's, corrected for the server's latency; a source whose clock is off is
/// stretched to it.
public final class MicrophoneSource: AudioSource {
    private enum State {
        case idle
        case running(MicrophoneWorker)
        case stopped(MicrophoneStatistics)
    }

    private let server: any SoundServer
    private let selector: String?
    private let configuration: MicrophoneConfiguration
    private let microphoneEvents = EventChannel<MicrophoneEvent>()
    private let state = Mutex(State.idle)
    private let ended = OneShot<Void>()

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
    }

    deinit {
        if case .running(let worker) = state.withLock({ $0 }) { worker.stop() }
    }

    /// What happens to the microphone beside its samples. One consumer; a late reader is told how much it missed.
    public var events: MediaSequence<MicrophoneEvent, Never> { microphoneEvents.sequence }

    /// The counters and measures so far.
    public var statistics: MicrophoneStatistics {
        switch state.withLock({ $0 }) {
        case .idle: MicrophoneStatistics()
        case .running(let worker): worker.statistics
        case .stopped(let statistics): statistics
        }
    }

    public func start() async throws(CaptureError) -> AudioStream {
        let worker = try makeWorker()
        let isFirst = state.withLock { state in
            guard case .idle = state else { return false }
            state = .running(worker)
            return true
        }
        guard isFirst else {
            throw CaptureError(
                .misuse, operation: "start the microphone",
                message: "A source starts once. Create a new MicrophoneSource.")
        }
        let description = try await begin(worker)
        return AudioStream(
            description: description, format: configuration.format,
            chunks: MediaSequence { () async throws(CaptureError) in try await worker.chunks.next() })
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

    /// Opens on the worker's thread, which then goes on watching.
    private func begin(_ worker: MicrophoneWorker) async throws(CaptureError) -> String {
        let (ended, events) = (ended, microphoneEvents)
        let result: Result<String, CaptureError> = await withCheckedContinuation { continuation in
            @Sendable func finish() {
                events.finish()
                ended.fulfil(())
            }
            do throws(CaptureError) {
                try DeviceThread.start(named: "ih-microphone") {
                    defer { finish() }
                    do throws(CaptureError) {
                        let recording = try worker.open()
                        continuation.resume(returning: .success(worker.describe(recording)))
                        worker.run(recording)
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            } catch {
                finish()
                continuation.resume(returning: .failure(error))
            }
        }
        return try result.get()
    }

    public func stop() async {
        let worker: MicrophoneWorker? = state.withLock { state in
            switch state {
            case .idle:
                state = .stopped(MicrophoneStatistics())
                return nil
            case .running(let worker): return worker
            case .stopped: return nil
            }
        }
        guard let worker else { return }
        worker.stop()
        await ended.value()
        state.withLock { $0 = .stopped(worker.statistics) }
    }
}
