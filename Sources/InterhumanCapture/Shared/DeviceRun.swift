import InterhumanCore
import Synchronization

/// What runs one device: opens it, moves its media, survives what can be survived. `open` and `run` are called on a
/// thread that may block; `stop` comes from any thread at any time.
protocol DeviceWorker: AnyObject, Sendable {
    associatedtype Opened
    associatedtype Statistics: Sendable

    var statistics: Statistics { get }

    /// Opens the device.
    func open() throws(CaptureError) -> Opened

    /// Moves media until the end.
    func run(_ opened: Opened)

    /// Lets go of what `run` needed. Called last on the thread, also when `open` failed: a stream that somebody keeps
    /// keeps its worker, but no descriptor.
    func close()

    /// Ends `open`, where it waits, and `run`.
    func stop()
}

/// The life of a source over a device: begun once, on a thread of its own, and over when that thread is.
final class DeviceRun<Worker: DeviceWorker>: Sendable {
    private enum State {
        case idle
        case running(Worker)
        case stopped(Worker.Statistics?)
    }

    private let kind: String
    private let state = Mutex(State.idle)
    private let ended = OneShot<Void>()

    /// A run of a device of this kind, in words for people: "camera".
    init(_ kind: String) {
        self.kind = kind
    }

    deinit {
        if case .running(let worker) = state.withLock({ $0 }) { worker.stop() }
    }

    /// The counters so far; nil before the start.
    var statistics: Worker.Statistics? {
        switch state.withLock({ $0 }) {
        case .idle: nil
        case .running(let worker): worker.statistics
        case .stopped(let statistics): statistics
        }
    }

    /// Opens the device on a new thread, which then goes on moving its media.
    ///
    /// - Parameters:
    ///   - make: makes the worker, unless this is a second start.
    ///   - describe: says of the opened device what the source's stream needs. Called on the thread.
    ///   - atEnd: called when the thread is through, also after a failed opening.
    func start<Description: Sendable>(
        _ make: () throws(CaptureError) -> Worker,
        describe: @escaping @Sendable (Worker, Worker.Opened) -> Description,
        atEnd: @escaping @Sendable () -> Void
    ) async throws(CaptureError) -> Description {
        let worker = try claim(make)
        let ended = ended
        let result: Result<Description, CaptureError> = await withCheckedContinuation { continuation in
            @Sendable func finish() {
                worker.close()
                atEnd()
                ended.fulfil(())
            }
            do throws(CaptureError) {
                try DeviceThread.start(named: "ih-\(kind)") {
                    defer { finish() }
                    do throws(CaptureError) {
                        let opened = try worker.open()
                        continuation.resume(returning: .success(describe(worker, opened)))
                        worker.run(opened)
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

    /// Ends the run and waits for its thread. Harmless before the start, after which there is none, and twice.
    func stop() async {
        let worker: Worker? = state.withLock { state in
            switch state {
            case .idle:
                state = .stopped(nil)
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

    private func claim(_ make: () throws(CaptureError) -> Worker) throws(CaptureError) -> Worker {
        try state.withLock { state throws(CaptureError) in
            guard case .idle = state else {
                throw CaptureError(
                    .misuse, operation: "start the \(kind)",
                    message: "A source starts once. Create a new one for each use.")
            }
            let worker = try make()
            state = .running(worker)
            return worker
        }
    }
}
