import CInterhumanPulse
import InterhumanCore

/// The sound server that libpulse finds: PulseAudio, or PipeWire's pulse server.
struct PulseServer: SoundServer {
    /// PulseAudio's address of the server (`unix:/run/user/1000/pulse/native`), nil for the one that libpulse finds.
    var address: String?

    var now: MediaTime { SystemClock().now }

    func microphones(until stop: StopSignal) throws(CaptureError) -> [Microphone] {
        try PulseCatalogue(context: PulseContext(address: address, until: stop)).microphones()
    }

    func record(
        _ request: RecordRequest, until stop: StopSignal,
        handler: @escaping @Sendable (borrowing RecordingNotice) -> Void
    ) throws(CaptureError) -> any Recording {
        try PulseRecording(request, context: PulseContext(address: address, until: stop), handler: handler)
    }
}
