public import InterhumanCore
import Synchronization

/// A camera as a source of pictures.
///
/// Frames are lent from the driver's memory without a copy: use one and let it go. The two newest wait for the
/// consumer; what it is too slow for is dropped and counted.
public final class CameraSource: VideoSource {
    private enum State {
        case idle
        case running(CameraWorker)
        case stopped(CameraStatistics)
    }

    private let system: any CameraSystem
    private let selector: String?
    private let configuration: CameraConfiguration
    private let cameraEvents = EventChannel<CameraEvent>()
    private let state = Mutex(State.idle)
    private let ended = OneShot<Void>()

    /// Creates a source for one camera; nothing is opened before ``start()``.
    ///
    /// - Parameters:
    ///   - camera: the camera's id, path or exact name, nil for the first usable one.
    ///   - configuration: what to ask of it.
    public convenience init(_ camera: String? = nil, configuration: CameraConfiguration = CameraConfiguration()) {
        self.init(camera, configuration: configuration, system: LinuxCameraSystem())
    }

    init(_ camera: String?, configuration: CameraConfiguration, system: any CameraSystem) {
        selector = camera
        self.configuration = configuration
        self.system = system
    }

    deinit {
        if case .running(let worker) = state.withLock({ $0 }) { worker.stop() }
    }

    /// What happens to the camera beside its frames. One consumer; a reader that is late is told how much it missed.
    public var events: MediaSequence<CameraEvent, Never> { cameraEvents.sequence }

    /// The counters so far.
    public var statistics: CameraStatistics {
        switch state.withLock({ $0 }) {
        case .idle: CameraStatistics()
        case .running(let worker): worker.statistics
        case .stopped(let statistics): statistics
        }
    }

    public func start() async throws(CaptureError) -> VideoStream {
        let worker = CameraWorker(
            system: system, selector: selector, configuration: configuration, events: cameraEvents)
        let isFirst = state.withLock { state in
            guard case .idle = state else { return false }
            state = .running(worker)
            return true
        }
        guard isFirst else {
            throw CaptureError(
                .misuse, operation: "start the camera", message: "A source starts once. Create a new CameraSource.")
        }
        let stream = try await begin(worker)
        return VideoStream(
            description: stream.description, format: stream.format,
            nominalFrameRate: stream.interval?.framesPerSecond ?? configuration.frameRate,
            frames: MediaSequence { () async throws(CaptureError) in try await worker.frames.next() })
    }

    /// Opens on the worker's thread, which then goes on moving frames.
    private func begin(_ worker: CameraWorker) async throws(CaptureError) -> CameraStream {
        let (ended, events) = (ended, cameraEvents)
        let result: Result<CameraStream, CaptureError> = await withCheckedContinuation { continuation in
            @Sendable func finish() {
                events.finish()
                ended.fulfil(())
            }
            do throws(CaptureError) {
                try DeviceThread.start(named: "ih-camera") {
                    defer { finish() }
                    do throws(CaptureError) {
                        let stream = try worker.open()
                        continuation.resume(returning: .success(stream))
                        worker.run(stream)
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
        let worker: CameraWorker? = state.withLock { state in
            switch state {
            case .idle:
                state = .stopped(CameraStatistics())
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
