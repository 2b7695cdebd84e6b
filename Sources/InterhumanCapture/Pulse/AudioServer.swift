import CInterhumanPulse
public import InterhumanCore

/// The sound server that microphones come from: PulseAudio, or PipeWire's pulse server.
public struct AudioServer: Sendable, Hashable {
    /// The server's words for itself: "pulseaudio", "PulseAudio (on PipeWire 0.3.65)".
    public var name: String
    /// The version that it speaks as.
    public var version: String
    /// Where it was reached: `unix:/run/user/1000/pulse/native`.
    public var address: String
    /// The ``Microphone/id`` of its default source; nil when it has none.
    public var defaultSource: String?

    /// The server that libpulse finds by PULSE_SERVER, its configuration and XDG_RUNTIME_DIR.
    ///
    /// - Throws: `CaptureError` with code `audioServerUnavailable` where there is none to be reached, and
    ///   `permissionDenied` where it refuses this user.
    public static func current() async throws(CaptureError) -> AudioServer {
        try await DeviceThread.run(named: "ih-server") { () throws(CaptureError) in
            try PulseServer().description()
        }
    }
}

extension PulseServer {
    /// What the server says of itself. Blocks.
    func description() throws(CaptureError) -> AudioServer {
        let context = try PulseContext(address: address)
        let answer = Answer(loop: context.loop)
        // The answer outlives the operation, for whose end the caller waits.
        try context.locked { () throws(CaptureError) in
            try context.finish(
                pa_context_get_server_info(
                    context.context,
                    { _, info, pointer in
                        guard let pointer else { return }
                        let answer = Unmanaged<Answer>.fromOpaque(pointer).takeUnretainedValue()
                        if let info { answer.server = AudioServer(info.pointee) }
                        pa_threaded_mainloop_signal(answer.loop, 0)
                    }, Unmanaged.passUnretained(answer).toOpaque()), "ask the sound server what it is")
            answer.server?.address = pa_context_get_server(context.context).map { String(cString: $0) } ?? ""
        }
        guard let server = withExtendedLifetime(answer, { answer.server }) else {
            throw context.fault("ask the sound server what it is")
        }
        return server
    }

    /// What the callback fills while the caller holds the loop's lock and waits.
    private final class Answer {
        let loop: OpaquePointer
        var server: AudioServer?

        init(loop: OpaquePointer) {
            self.loop = loop
        }
    }
}

extension AudioServer {
    init(_ info: pa_server_info) {
        func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
        let source = text(info.default_source_name)
        self.init(
            name: text(info.server_name), version: text(info.server_version), address: "",
            defaultSource: source.isEmpty ? nil : source)
    }
}
