import Interhuman
import TerminalView

/// Tells people what happens to the devices that a session streams from.
struct DeviceReport: Sendable {
    let console: Console

    /// Tells of a camera until it is stopped.
    func follow(_ camera: CameraSource) {
        Task {
            for await event in camera.events {
                if let text = Self.text(of: event) { await console.tell("camera      \(text)") }
            }
        }
    }

    /// Tells of a microphone until it is stopped.
    func follow(_ microphone: MicrophoneSource, filledBy filled: FilledAudioSource) {
        Task {
            for await event in microphone.events {
                if let text = Self.text(of: event) { await console.tell("microphone  \(text)") }
            }
        }
        Task {
            for await event in filled.events {
                guard case .failed(let error) = event else { continue }
                await console.tell("microphone  failed, silence goes on in its place. \(error)")
            }
        }
    }

    /// Nil for what the session tells anyway.
    private static func text(of event: CameraEvent) -> String? {
        switch event {
        case .started: nil
        case .stalled(let time): "gave no picture for \(Figures.seconds(time.inSeconds)); it is opened afresh"
        case .formatChanged(let format): "changed to \(format.width)x\(format.height)"
        case .lost(let reason): "lost. \(reason) Its last picture goes on until it returns."
        case .returned: "is back"
        case .restarting(let reason): "is opened afresh: \(reason)"
        case .warning(let text): text
        case .eventsDropped(let count): "\(count) events are missing here"
        }
    }

    private static func text(of event: MicrophoneEvent) -> String? {
        switch event {
        case .started, .retrying, .resynchronized, .audible: nil
        case .moved(let source): "is now \(source)"
        case .suspended: "is suspended; silence goes on in its place"
        case .resumed: "resumed"
        case .stalled(let time): "gave nothing for \(Figures.seconds(time.inSeconds)); it is opened afresh"
        case .lost(let reason): "lost. \(reason) Silence goes on until it returns."
        case .returned: "is back"
        case .muted(let isMuted): isMuted ? "was muted" : "was unmuted"
        case .silent: "gives nothing but zeros: it is muted somewhere, or the wrong one"
        case .overflowed: "lost samples; the machine is too busy"
        case .eventsDropped(let count): "\(count) events are missing here"
        }
    }
}
