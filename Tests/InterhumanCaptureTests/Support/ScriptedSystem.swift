import InterhumanCore
import Synchronization

@testable import InterhumanCapture

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A clock that stands, or that jumps over every wait so that time-outs come without waiting.
final class ScriptedClock: Sendable {
    private let state: Mutex<(now: MediaTime, mayBlock: Bool)>

    init(mayBlock: Bool = true) {
        state = Mutex((MediaTime(seconds: 1000), mayBlock))
    }

    var now: MediaTime { state.withLock { $0.now } }

    /// Whether waits block until something changes; otherwise they let the time pass at once.
    var mayBlock: Bool {
        get { state.withLock { $0.mayBlock } }
        set { state.withLock { $0.mayBlock = newValue } }
    }

    func advance(by duration: Duration) {
        state.withLock { $0.now = $0.now + duration }
    }
}

/// Scripted cameras as a machine's own.
final class ScriptedSystem: CameraSystem {
    private let cameras: [ScriptedCamera]
    private let clock: ScriptedClock
    private let plugged: Mutex<Set<String>>
    private let watches = Mutex<[ScriptedWatch]>([])
    private let refusal = Mutex<SystemFailure?>(nil)
    /// Nobody holds it any more.
    let freed = OneShot<Void>()

    deinit {
        freed.fulfil(())
    }

    init(_ cameras: [ScriptedCamera], clock: ScriptedClock) {
        self.cameras = cameras
        self.clock = clock
        plugged = Mutex(Set(cameras.map(\.node.path)))
    }

    /// Takes a camera away: its node and every call on it.
    func unplug(_ camera: ScriptedCamera) {
        plugged.withLock { _ = $0.remove(camera.node.path) }
        camera.change { $0.isGone = true }
        watches.withLock { $0.forEach { $0.signalChange() } }
    }

    /// Brings it back.
    func plug(_ camera: ScriptedCamera) {
        camera.change { state in
            state.isGone = false
            state.isStreaming = false
            state.queued = []
            state.filled = []
        }
        plugged.withLock { _ = $0.insert(camera.node.path) }
        watches.withLock { $0.forEach { $0.signalChange() } }
    }

    var now: MediaTime { clock.now }

    func nodes() throws(SystemFailure) -> [CameraNode] {
        plugged.withLock { plugged in cameras.map(\.node).filter { plugged.contains($0.path) } }
    }

    func open(_ path: String, convert: Bool) throws(SystemFailure) -> any CameraDevice {
        guard let camera = cameras.first(where: { $0.node.path == path }),
            plugged.withLock({ $0.contains(path) })
        else { throw SystemFailure(call: "open", code: ENOENT) }
        return try camera.open()
    }

    /// What asking for a watch gives; nil for a watch.
    var watchFailure: SystemFailure? {
        get { refusal.withLock { $0 } }
        set { refusal.withLock { $0 = newValue } }
    }

    /// Watches that nobody closed.
    var openWatches: Int { watches.withLock { $0.count { $0.isOpen } } }

    func watch() throws(SystemFailure) -> any CameraWatch {
        if let watchFailure { throw watchFailure }
        let watch = try ScriptedWatch(clock: clock)
        watches.withLock { $0.append(watch) }
        return watch
    }
}

/// A watch that tests signal.
final class ScriptedWatch: CameraWatch {
    private let clock: ScriptedClock
    private let signal: WakeDescriptor
    private let changes = Mutex(0)
    private let closed = Atomic(false)

    var isOpen: Bool { !closed.load(ordering: .acquiring) }

    init(clock: ScriptedClock) throws(SystemFailure) {
        self.clock = clock
        signal = try WakeDescriptor()
    }

    func signalChange() {
        changes.withLock { $0 += 1 }
        signal.signal()
    }

    private func takeChange() -> Bool {
        changes.withLock { changes in
            defer { changes = 0 }
            return changes > 0
        }
    }

    func wait(milliseconds: Int32) -> Bool {
        if takeChange() { return true }
        // A short wait for the end of a burst of changes is over at once.
        guard clock.mayBlock, milliseconds < 0 || milliseconds > 100 else {
            clock.advance(by: .milliseconds(Int64(max(0, milliseconds))))
            return false
        }
        _ = signal.wait(milliseconds: milliseconds)
        return takeChange()
    }

    func wake() {
        signal.signal()
    }

    func close() {
        closed.store(true, ordering: .releasing)
    }
}
