import CInterhumanPulse
import InterhumanCore

/// Asks a server for its sources.
struct PulseCatalogue {
    let context: PulseContext

    /// What the callbacks fill while the caller holds the loop's lock and waits.
    private final class Answer {
        let loop: OpaquePointer
        var defaultSource = ""
        var microphones: [Microphone] = []
        /// Whether an answer was an error, which the context knows then.
        var hasFailed = false

        init(loop: OpaquePointer) {
            self.loop = loop
        }

        static func from(_ pointer: UnsafeMutableRawPointer?) -> Answer? {
            pointer.map { Unmanaged<Answer>.fromOpaque($0).takeUnretainedValue() }
        }
    }

    func microphones() throws(CaptureError) -> [Microphone] {
        let answer = Answer(loop: context.loop)
        // The answer outlives both operations: `finish` sees to their end.
        try context.locked { () throws(CaptureError) in
            let pointer = Unmanaged.passUnretained(answer).toOpaque()
            try finish(
                answer,
                pa_context_get_server_info(
                    context.context,
                    { _, info, pointer in
                        guard let answer = Answer.from(pointer) else { return }
                        if let name = info?.pointee.default_source_name { answer.defaultSource = String(cString: name) }
                        if info == nil { answer.hasFailed = true }
                        pa_threaded_mainloop_signal(answer.loop, 0)
                    }, pointer), "ask the sound server for its default source")
            try finish(
                answer,
                pa_context_get_source_info_list(
                    context.context,
                    { _, info, end, pointer in
                        guard let answer = Answer.from(pointer) else { return }
                        if end == 0, let info { answer.microphones.append(Microphone(info.pointee)) }
                        if end < 0 { answer.hasFailed = true }
                        if end != 0 { pa_threaded_mainloop_signal(answer.loop, 0) }
                    }, pointer), "list the sound server's sources")
        }
        return withExtendedLifetime(answer) {
            answer.microphones.map { microphone in
                var microphone = microphone
                microphone.isDefault = microphone.id == answer.defaultSource
                return microphone
            }
        }
    }

    private func finish(_ answer: Answer, _ operation: OpaquePointer?, _ name: String) throws(CaptureError) {
        try context.finish(operation, name)
        guard !answer.hasFailed else { throw context.fault(name) }
    }
}

extension Microphone {
    /// Takes over what the server says of a source.
    init(_ info: pa_source_info) {
        func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
        let ports = (0..<Int(info.n_ports)).compactMap { info.ports?[$0]?.pointee }
        self.init(
            id: text(info.name), name: text(info.description), isMonitor: info.monitor_of_sink != .max,
            isMuted: info.mute != 0, state: State(info.state),
            format: AudioFormat(
                sampleRate: Int(info.sample_spec.rate), channelCount: Int(info.sample_spec.channels)),
            ports: ports.map { port in
                Port(
                    id: text(port.name), name: text(port.description),
                    isAvailable: port.available != Int32(bitPattern: PA_PORT_AVAILABLE_NO.rawValue))
            }, activePort: info.active_port.map { text($0.pointee.name) })
    }
}

extension Microphone.State {
    init(_ state: pa_source_state_t) {
        self =
            switch state {
            case PA_SOURCE_RUNNING: .running
            case PA_SOURCE_IDLE: .idle
            case PA_SOURCE_SUSPENDED: .suspended
            default: .unknown
            }
    }
}
