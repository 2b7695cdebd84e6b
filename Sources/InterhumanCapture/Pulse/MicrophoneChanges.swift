import CInterhumanPulse
import InterhumanCore
import Synchronization

/// Turns the sound server's notices into lists of microphones, on a thread of its own.
final class MicrophoneChanges: Sendable {
    private let address: String?
    private let waker: WakeDescriptor
    /// The newest list replaces one that nobody read yet.
    private let queue = NewestQueue<[Microphone], CaptureError>(capacity: 1)
    private let stopSignal = StopSignal()

    init(address: String?) throws(SystemFailure) {
        self.address = address
        waker = try WakeDescriptor()
    }

    /// The lists; the first request connects, the reader's cancellation or end disconnects.
    static func sequence(address: String?) -> MediaSequence<[Microphone], CaptureError> {
        let reader = Reader(address: address)
        return MediaSequence { () async throws(CaptureError) in try await reader.next() }
    }

    private final class Reader: Sendable {
        private let address: String?
        private let changes = Mutex<MicrophoneChanges?>(nil)

        init(address: String?) { self.address = address }
        deinit { changes.withLock { $0?.stop() } }

        func next() async throws(CaptureError) -> [Microphone]? {
            let changes = try changes.withLock { present throws(CaptureError) in
                if let present { return present }
                let changes = try make()
                present = changes
                return changes
            }
            let microphones = try await changes.queue.next()
            if microphones == nil { changes.stop() }
            return microphones
        }

        private func make() throws(CaptureError) -> MicrophoneChanges {
            let changes: MicrophoneChanges
            do throws(SystemFailure) {
                changes = try MicrophoneChanges(address: address)
            } catch {
                throw CaptureError(
                    .system, operation: "watch for microphones",
                    message: "The system gave no descriptor. Raise the limit (ulimit -n).",
                    underlying: error.description)
            }
            try DeviceThread.start(named: "ih-mic-watch") { changes.run() }
            return changes
        }
    }

    private func stop() {
        stopSignal.give()
        waker.signal()
        queue.finish()
    }

    private func run() {
        do throws(CaptureError) {
            let context = try PulseContext(address: address, until: stopSignal)
            let catalogue = PulseCatalogue(context: context)
            try subscribe(context)
            defer { unsubscribe(context) }
            var last: [Microphone]?
            while !stopSignal.isGiven {
                let microphones = try catalogue.microphones()
                if microphones != last { queue.push(microphones) }
                last = microphones
                // Looks now and then whether the server is still there: its end is no notice.
                while !waker.wait(milliseconds: 1_000) { try context.check() }
            }
        } catch {
            queue.finish(throwing: error)
        }
    }

    /// The callbacks get an unretained self, which `run` keeps alive until `unsubscribe`.
    private func subscribe(_ context: PulseContext) throws(CaptureError) {
        let pointer = Unmanaged.passUnretained(self).toOpaque()
        try context.locked { () throws(CaptureError) in
            pa_context_set_subscribe_callback(
                context.context,
                { _, _, _, pointer in
                    pointer.map { Unmanaged<MicrophoneChanges>.fromOpaque($0).takeUnretainedValue().waker.signal() }
                }, pointer)
            let mask = PA_SUBSCRIPTION_MASK_SOURCE.rawValue | PA_SUBSCRIPTION_MASK_SERVER.rawValue
            if let operation = pa_context_subscribe(context.context, pa_subscription_mask_t(mask), nil, nil) {
                pa_operation_unref(operation)
            }
        }
    }

    private func unsubscribe(_ context: PulseContext) {
        pa_threaded_mainloop_lock(context.loop)
        pa_context_set_subscribe_callback(context.context, nil, nil)
        pa_threaded_mainloop_unlock(context.loop)
    }
}
