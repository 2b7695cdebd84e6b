import InterhumanCore
import Synchronization

/// Turns changes among device nodes into lists of cameras, on a thread of its own.
final class CameraChanges: Sendable {
    /// Runs work on a new thread of this name, or throws where there is none.
    typealias ThreadStart = @Sendable (String, @escaping @Sendable () -> Void) throws(CaptureError) -> Void

    private enum State {
        case idle
        case running(any CameraWatch)
        case ended
    }

    private let system: any CameraSystem
    /// The newest list replaces one that nobody read yet.
    private let queue = NewestQueue<[Camera], CaptureError>(capacity: 1)
    private let state = Mutex(State.idle)
    private let startThread: ThreadStart

    init(
        system: any CameraSystem,
        startThread: @escaping ThreadStart = { name, work throws(CaptureError) in
            try DeviceThread.start(named: name, work)
        }
    ) {
        self.system = system
        self.startThread = startThread
    }

    /// The lists; the watch begins with the first request and ends with the reader's cancellation.
    func sequence() -> MediaSequence<[Camera], CaptureError> {
        let reader = Reader(changes: self)
        return MediaSequence { () async throws(CaptureError) in try await reader.next() }
    }

    /// Ends the watch when the reader is gone.
    private final class Reader: Sendable {
        let changes: CameraChanges
        init(changes: CameraChanges) { self.changes = changes }
        deinit { changes.stop() }

        func next() async throws(CaptureError) -> [Camera]? {
            try changes.startIfNeeded()
            let cameras = try await changes.queue.next()
            if cameras == nil { changes.stop() }
            return cameras
        }
    }

    private func startIfNeeded() throws(CaptureError) {
        let watch: (any CameraWatch)? = try state.withLock { state throws(CaptureError) in
            guard case .idle = state else { return nil }
            do throws(SystemFailure) {
                let watch = try system.watch()
                state = .running(watch)
                return watch
            } catch {
                throw CameraFault.error(error, path: "/dev", operation: "watch for cameras")
            }
        }
        guard let watch else { return }
        do throws(CaptureError) {
            try startThread("ih-camera-watch") { [self] in run(watch) }
        } catch {
            // The next request tries afresh.
            state.withLock { state in
                if case .running = state { state = .idle }
            }
            watch.close()
            throw error
        }
    }

    private func stop() {
        let watch = state.withLock { state in
            defer { state = .ended }
            guard case .running(let watch) = state else { return nil as (any CameraWatch)? }
            return watch
        }
        watch?.wake()
        queue.finish()
    }

    private var isRunning: Bool {
        state.withLock { state in
            if case .running = state { true } else { false }
        }
    }

    private func run(_ watch: any CameraWatch) {
        defer { watch.close() }
        var last: [Camera]?
        while isRunning {
            do throws(CaptureError) {
                let cameras = try CameraList(system: system).cameras()
                if cameras != last { queue.push(cameras) }
                last = cameras
            } catch {
                queue.finish(throwing: error)
                return
            }
            while isRunning, !watch.wait(milliseconds: -1) {}
            // A camera brings several nodes and links; the list is read when they have all come.
            while isRunning, watch.wait(milliseconds: 100) {}
        }
    }
}
