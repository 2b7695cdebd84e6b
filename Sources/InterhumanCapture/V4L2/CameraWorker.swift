import CInterhumanV4L2
import InterhumanCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Runs one camera on a thread of its own: opens it, moves its frames, survives what can be survived.
final class CameraWorker: DeviceWorker {
    /// Why a stream ended.
    private enum Ending {
        case stopped
        case lost(SystemFailure)
        case restart(CameraEvent, CaptureError)
    }

    private struct State {
        var isStopped = false
        var device: (any CameraDevice)?
        var watch: (any CameraWatch)?
        var statistics = CameraStatistics()
    }

    /// Restarts in a row without one good frame, after which the camera counts as broken.
    private static let mostRestarts = 5
    /// DQBUF's EIO may be one frame that was lost on the bus; so many in a row are a stream that is broken.
    private static let finalIOErrors = 3

    private let system: any CameraSystem
    private let selector: String?
    private let configuration: CameraConfiguration
    let frames: NewestQueue<VideoFrame, CaptureError>
    let events: EventChannel<CameraEvent>
    private let state = Mutex(State())

    init(
        system: any CameraSystem, selector: String?, configuration: CameraConfiguration,
        events: EventChannel<CameraEvent>
    ) {
        self.system = system
        self.selector = selector
        self.configuration = configuration
        // Two: one that is about to be read and a newer one. More would only be older.
        frames = NewestQueue(capacity: 2)
        self.events = events
    }

    var statistics: CameraStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.droppedByConsumer += frames.droppedCount
            return statistics
        }
    }

    /// Each stream and each wait has closed its own.
    func close() {}

    /// Ends the stream; the thread follows promptly. Frames that nobody read go back at once.
    func stop() {
        let (device, watch) = state.withLock { state in
            state.isStopped = true
            return (state.device, state.watch)
        }
        device?.wake()
        watch?.wake()
        frames.finish(discarding: true)
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Opens the camera. Called on the worker's thread.
    func open() throws(CaptureError) -> CameraStream {
        let camera = try CameraList(system: system).camera(selector)
        return try CameraSetup(system: system, camera: camera, configuration: configuration).start()
    }

    /// Moves frames until the end. Called on the worker's thread.
    func run(_ first: CameraStream) {
        var pump = FramePump(discarding: configuration.discardedFrames)
        var stream = first
        var failures = 0
        announce(stream)
        while true {
            let delivered = statistics.delivered
            let ending = move(stream, &pump)
            stream.buffers.close()
            setDevice(nil)
            if statistics.delivered > delivered { failures = 0 }
            guard let next = resume(after: ending, stream.camera, &failures) else { return }
            if next.format != stream.format { events.send(.formatChanged(next.format)) }
            stream = next
            state.withLock { $0.statistics.restarts += 1 }
            pump.restart(discarding: configuration.discardedFrames)
            announce(stream)
        }
    }

    private func announce(_ stream: CameraStream) {
        events.send(.started(stream.description))
        stream.warnings.forEach { events.send(.warning($0)) }
    }

    /// Makes the device reachable for `stop`. False when the stop came before.
    @discardableResult
    private func setDevice(_ device: (any CameraDevice)?) -> Bool {
        state.withLock { state in
            state.device = device
            return !state.isStopped
        }
    }

    // MARK: Frames

    private func move(_ stream: CameraStream, _ pump: inout FramePump) -> Ending {
        guard setDevice(stream.buffers.device) else { return .stopped }
        pump.begin(stream)
        var lastFrame = system.now
        var ioErrors = 0
        while !isStopped {
            let quiet = system.now - lastFrame
            guard quiet < configuration.stallTimeout else { return stalled(stream, quiet) }
            do throws(SystemFailure) {
                let left = (configuration.stallTimeout - quiet).nanoseconds / 1_000_000 + 1
                let readiness = try stream.buffers.device.wait(milliseconds: Int32(clamping: left))
                if readiness.contains(.event), sourceChanged(stream.buffers.device) { return changed() }
                if !readiness.isDisjoint(with: [.readable, .failed]) {
                    let drained = try drain(stream, &pump)
                    // Nothing but damaged frames is a stall, too: the camera gives what nobody can use.
                    if drained.whole > 0 { lastFrame = system.now }
                    if drained.count > 0 { ioErrors = 0 }
                    if drained.count == 0, readiness.contains(.failed) {
                        throw SystemFailure(call: "poll", code: EIO)
                    }
                }
                // Somebody who holds every frame isn't a stall of the camera's.
                if stream.buffers.heldByDriver == 0 { lastFrame = system.now }
            } catch {
                if error.call == CameraRequest.dequeueBuffer.rawValue, error.code == EIO {
                    ioErrors += 1
                    if ioErrors < Self.finalIOErrors { continue }
                }
                return ending(for: error, stream)
            }
        }
        return .stopped
    }

    /// Takes every buffer that is ready. Returns how many there were, and how many of them held a whole picture. An error
    /// after the first one is left for the next call, which it meets again unless it has passed.
    private func drain(
        _ stream: CameraStream, _ pump: inout FramePump
    ) throws(SystemFailure) -> (count: Int, whole: Int) {
        var drained = (count: 0, whole: 0)
        while !isStopped {
            do throws(SystemFailure) {
                let buffer = try stream.buffers.dequeue()
                drained.count += 1
                let (frame, isWhole) = state.withLock { state in
                    let corrupt = state.statistics.corrupt
                    let frame = pump.frame(from: buffer, of: stream, arrival: system.now, &state.statistics)
                    return (frame, state.statistics.corrupt == corrupt)
                }
                if isWhole { drained.whole += 1 }
                if let frame { handOn(frame, stream) }
            } catch {
                guard drained.count == 0, error.code != EAGAIN else { return drained }
                throw error
            }
        }
        return drained
    }

    /// The driver always keeps a buffer: the oldest unread frame goes before the newest, and that one before all.
    private func handOn(_ frame: VideoFrame, _ stream: CameraStream) {
        while stream.buffers.heldByDriver == 0 {
            guard frames.evictOldest() else {
                state.withLock { $0.statistics.droppedByConsumer += 1 }
                return
            }
        }
        state.withLock { $0.statistics.delivered += 1 }
        frames.push(frame)
    }

    private func sourceChanged(_ device: any CameraDevice) -> Bool {
        var changed = false
        var event = v4l2_event()
        while (try? device.perform(.dequeueEvent, &event)) != nil {
            if event.type == UInt32(V4L2_EVENT_SOURCE_CHANGE) { changed = true }
            if event.pending == 0 { break }
        }
        return changed
    }

    // MARK: Endings

    private func changed() -> Ending {
        .restart(
            .restarting("the source's format changed"),
            CaptureError(
                .unsupported, operation: "follow the source's new format",
                message: "The source changed its format and the new one can't be captured. Look at the signal."))
    }

    private func stalled(_ stream: CameraStream, _ quiet: Duration) -> Ending {
        .restart(
            .stalled(quiet),
            CaptureError(
                .deviceLost, operation: "read from \(stream.camera.name)",
                message: """
                    The camera gives no frames, also after it was opened again. Plug it in again, try another port or \
                    cable, or ask for a lower rate or a smaller size.
                    """))
    }

    private func ending(for failure: SystemFailure, _ stream: CameraStream) -> Ending {
        if isStopped { return .stopped }
        guard !CameraFault.isLoss(failure) else {
            stream.buffers.markLost()
            return .lost(failure)
        }
        return .restart(
            .restarting(failure.description),
            CameraFault.error(failure, path: stream.camera.path, operation: "read from \(stream.camera.name)"))
    }

    /// What comes after a stream's end: the next stream, or nil when all is over and the queue knows.
    private func resume(after ending: Ending, _ camera: Camera, _ failures: inout Int) -> CameraStream? {
        switch ending {
        case .stopped: return nil
        case .lost(let failure): return recover(camera, failure)
        case .restart(let event, let error):
            events.send(event)
            return reopen(camera, because: error, &failures)
        }
    }

    /// Opens the camera afresh, with a growing pause between tries.
    private func reopen(_ camera: Camera, because error: CaptureError, _ failures: inout Int) -> CameraStream? {
        var error = error
        while failures < Self.mostRestarts {
            if failures > 0 { pause(milliseconds: 100 << Int32(failures)) }
            guard !isStopped else { return nil }
            failures += 1
            do throws(CaptureError) {
                return try openAgain(camera)
            } catch let failure {
                if failure.code == .deviceLost || failure.code == .notFound {
                    return recover(camera, SystemFailure(call: "open", code: ENODEV))
                }
                error = failure
            }
        }
        frames.finish(throwing: error)
        return nil
    }

    private func openAgain(_ camera: Camera) throws(CaptureError) -> CameraStream {
        let present = try CameraList(system: system).camera(camera.id)
        return try CameraSetup(system: system, camera: present, configuration: configuration).start()
    }

    /// Waits for the camera to come back where the configuration says so.
    private func recover(_ camera: Camera, _ failure: SystemFailure) -> CameraStream? {
        var reason = CameraFault.error(failure, path: camera.path, operation: "read from \(camera.name)")
        events.send(.lost(reason.message))
        guard case .wait(let atMost) = configuration.whenLost else {
            frames.finish(throwing: reason)
            return nil
        }
        let deadline = system.now + atMost
        let watch = beginWatch()
        defer { endWatch(watch) }
        // What nobody read yet keeps the dead device open, and its node from coming back under its name.
        while frames.evictOldest() {}
        var told = reason.code
        while !isStopped {
            // The camera is looked for before the first wait: it may be back already.
            do throws(CaptureError) {
                let stream = try openAgain(camera)
                events.send(.returned)
                return stream
            } catch {
                // That it is away is known. What keeps one that is there from being used is what the user must hear of.
                if error.code != .deviceLost, error.code != .notFound { reason = error }
            }
            let left = deadline - system.now
            guard left > .zero else {
                frames.finish(throwing: reason)
                return nil
            }
            // Looks again now and then even without a change: a node's permissions may change unseen.
            let milliseconds = Int32(clamping: min(left.nanoseconds / 1_000_000 + 1, 1_000))
            let hasChanged = watch.wait(milliseconds: milliseconds)
            // A node gets its permissions a moment after it has appeared: only what stays is told.
            if !hasChanged, !isStopped, reason.code != told {
                told = reason.code
                events.send(.warning(reason.message))
            }
        }
        return nil
    }

    /// A watch that `stop` wakes: one that only waits where the system gives none.
    private func beginWatch() -> any CameraWatch {
        let watch = (try? system.watch()) ?? BlindWatch()
        state.withLock { $0.watch = watch }
        return watch
    }

    private func endWatch(_ watch: any CameraWatch) {
        state.withLock { $0.watch = nil }
        watch.close()
    }

    /// Waits, but not longer than until `stop`.
    private func pause(milliseconds: Int32) {
        let watch = beginWatch()
        defer { endWatch(watch) }
        let end = system.now + .milliseconds(Int64(milliseconds))
        while !isStopped, case let left = end - system.now, left > .zero {
            _ = watch.wait(milliseconds: Int32(clamping: left.nanoseconds / 1_000_000 + 1))
        }
    }
}
