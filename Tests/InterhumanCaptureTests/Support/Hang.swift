import InterhumanCore

@testable import InterhumanCapture

/// Where a scripted server's calls wait for an answer that doesn't come.
final class Hang: Sendable {
    /// A call waits.
    let reached = OneShot<Void>()
    private let waker: WakeDescriptor

    init() throws(SystemFailure) {
        waker = try WakeDescriptor()
    }

    func wait(until stop: StopSignal) -> CaptureError {
        let token = stop.onGiven { [waker] in waker.signal() }
        defer { stop.forget(token) }
        reached.fulfil(())
        while !stop.isGiven { _ = waker.wait(milliseconds: -1) }
        return ScriptedServer.failure(.cancelled)
    }
}
