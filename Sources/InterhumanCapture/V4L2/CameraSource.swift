public import InterhumanCore

/// A camera as a source of pictures.
///
/// Frames are lent from the driver's memory without a copy: use one and let it go. The two newest wait for the
/// consumer; what it is too slow for is dropped and counted.
public final class CameraSource: VideoSource {
    private let system: any CameraSystem
    private let selector: String?
    private let configuration: CameraConfiguration
    private let cameraEvents = EventChannel<CameraEvent>()
    private let deviceRun = DeviceRun<CameraWorker>("camera")
    private let monitor: SourceMonitor

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
        monitor = SourceMonitor { [weak deviceRun] in
            var statistics = SourceStatistics()
            if let camera = deviceRun?.statistics {
                statistics.dropped = camera.droppedByDriver + camera.droppedByConsumer + camera.corrupt
            }
            return statistics
        }
        cameraEvents.report(to: monitor)
    }

    /// What happens to the camera beside its frames. One consumer; a reader that is late is told how much it missed.
    public var events: MediaSequence<CameraEvent, Never> { cameraEvents.sequence }

    /// The counters so far.
    public var statistics: CameraStatistics { deviceRun.statistics ?? CameraStatistics() }

    public func start() async throws(CaptureError) -> VideoStream {
        let (events, rate) = (cameraEvents, configuration.frameRate)
        let monitor = monitor
        return try await deviceRun.start {
            CameraWorker(system: system, selector: selector, configuration: configuration, events: cameraEvents)
        } describe: { worker, stream in
            VideoStream(
                description: stream.description, format: stream.format,
                nominalFrameRate: stream.interval?.framesPerSecond ?? rate,
                frames: MediaSequence { () async throws(CaptureError) in try await worker.frames.next() },
                isLive: true, monitor: monitor)
        } atEnd: {
            events.finish()
        }
    }

    public func stop() async {
        await deviceRun.stop()
        // Before the start there was no run whose end did this.
        cameraEvents.finish()
        monitor.finish()
    }
}
