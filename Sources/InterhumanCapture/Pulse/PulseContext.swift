import CInterhumanPulse
import InterhumanCore

/// A connection to a PulseAudio server with a thread of libpulse's own. Owns main loop and context.
///
/// Sendable although it holds C pointers: they never change after `init`, and libpulse's objects are used only between
/// `lock` and `unlock` of the main loop, or in its callbacks, which hold that lock.
final class PulseContext: @unchecked Sendable {
    let loop: OpaquePointer
    let context: OpaquePointer
    private let stop: StopSignal
    private let stopToken: UInt64

    /// Connects to the server at `address` (nil: the one that libpulse finds) and waits until it is ready. Blocks, as
    /// all waits for the server do: libpulse gives one that doesn't answer 30 s, `stop` ends the wait at once.
    init(address: String?, until stop: StopSignal = StopSignal()) throws(CaptureError) {
        guard let loop = pa_threaded_mainloop_new() else { throw Self.outOfMemory() }
        guard let properties = pa_proplist_new() else {
            pa_threaded_mainloop_free(loop)
            throw Self.outOfMemory()
        }
        defer { pa_proplist_free(properties) }
        pa_proplist_sets(properties, PA_PROP_APPLICATION_NAME, "Interhuman")
        // Desktops may duck or cork the roles of phone and music; nobody touches this one.
        pa_proplist_sets(properties, PA_PROP_MEDIA_ROLE, "production")
        guard let context = pa_context_new_with_proplist(pa_threaded_mainloop_get_api(loop), nil, properties) else {
            pa_threaded_mainloop_free(loop)
            throw Self.outOfMemory()
        }
        self.loop = loop
        self.context = context
        self.stop = stop
        stopToken = Self.wake(loop, on: stop)
        try connect(address)
    }

    /// A signal that is given while a thread is between its look and its wait finds the loop locked and comes after.
    private static func wake(_ loop: OpaquePointer, on stop: StopSignal) -> UInt64 {
        // Any thread may lock and signal a main loop, and `deinit` takes the call back before it frees this one.
        nonisolated(unsafe) let loop = loop
        return stop.onGiven {
            pa_threaded_mainloop_lock(loop)
            pa_threaded_mainloop_signal(loop, 0)
            pa_threaded_mainloop_unlock(loop)
        }
    }

    deinit {
        stop.forget(stopToken)
        pa_threaded_mainloop_lock(loop)
        pa_context_set_state_callback(context, nil, nil)
        pa_context_set_subscribe_callback(context, nil, nil)
        pa_context_disconnect(context)
        pa_context_unref(context)
        pa_threaded_mainloop_unlock(loop)
        pa_threaded_mainloop_stop(loop)
        pa_threaded_mainloop_free(loop)
    }

    private static func outOfMemory() -> CaptureError {
        CaptureError(
            .system, operation: "connect to the sound server",
            message: "There is no memory left for the connection. Close other programs.")
    }

    private func connect(_ address: String?) throws(CaptureError) {
        // The callback's argument is the loop, which outlives the context.
        pa_context_set_state_callback(
            context, { _, loop in pa_threaded_mainloop_signal(OpaquePointer(loop), 0) }, UnsafeMutableRawPointer(loop))
        let isConnecting = pa_context_connect(context, address, PA_CONTEXT_NOAUTOSPAWN, nil) >= 0
        guard isConnecting, pa_threaded_mainloop_start(loop) >= 0 else { throw fault("connect to the sound server") }
        try locked { () throws(CaptureError) in
            while true {
                switch pa_context_get_state(context) {
                case PA_CONTEXT_READY: return
                case PA_CONTEXT_FAILED, PA_CONTEXT_TERMINATED: throw fault("connect to the sound server")
                default: try wait("connect to the sound server")
                }
            }
        }
    }

    /// The error for libpulse's last one.
    func fault(_ operation: String) -> CaptureError {
        PulseFault.error(pa_context_errno(context), operation: operation)
    }

    /// Throws when the server is gone.
    func check() throws(CaptureError) {
        try locked { () throws(CaptureError) in
            guard pa_context_get_state(context) == PA_CONTEXT_READY else { throw fault("reach the sound server") }
        }
    }

    /// Runs `body` with the main loop held. Never called from a callback.
    func locked<Value>(_ body: () throws(CaptureError) -> Value) throws(CaptureError) -> Value {
        pa_threaded_mainloop_lock(loop)
        defer { pa_threaded_mainloop_unlock(loop) }
        return try body()
    }

    /// Waits for the next signal to the loop. Called with the lock held.
    func wait(_ operation: String) throws(CaptureError) {
        guard !stop.isGiven else {
            throw CaptureError(
                .cancelled, operation: operation, message: "It was stopped before the sound server had answered.")
        }
        pa_threaded_mainloop_wait(loop)
    }

    /// Waits for an operation to be answered; its callbacks signal the loop. Called with the lock held. No callback
    /// follows its return.
    func finish(_ operation: OpaquePointer?, _ name: String) throws(CaptureError) {
        guard let operation else { throw fault(name) }
        defer {
            if pa_operation_get_state(operation) == PA_OPERATION_RUNNING { pa_operation_cancel(operation) }
            pa_operation_unref(operation)
        }
        while pa_operation_get_state(operation) == PA_OPERATION_RUNNING {
            guard pa_context_get_state(context) == PA_CONTEXT_READY else { throw fault(name) }
            try wait(name)
        }
        // A connection that ends cancels its operations before anybody who waits for one wakes.
        guard pa_operation_get_state(operation) == PA_OPERATION_DONE else { throw fault(name) }
    }
}
