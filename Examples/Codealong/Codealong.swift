import Glibc
import Interhuman

/// The vendor's codealong, "Stream analysis", step for step: connect, get the camera and the microphone, send segments of
/// 3 s, read what comes back.
///
///     export INTERHUMAN_API_KEY=…
///     swift run Codealong            # the first camera and the default microphone; Ctrl-C stops
///     swift run Codealong FILE       # a video in their place
///
/// https://docs.interhuman.ai has the same four steps in JavaScript and Python.
@main
enum Codealong {
    static func main() async {
        do {
            try await run()
        } catch {
            // It says what happened and what to do.
            print(error)
            exit(1)
        }
    }

    private static func run() async throws {
        // 1) Connect to the WebSocket
        //
        // The endpoint is wss://api.interhuman.ai/v1/stream/analyze, or what INTERHUMAN_URL says. On connect the session
        // sends this configuration as a text frame. The key comes from INTERHUMAN_API_KEY and goes nowhere else.
        let configuration = StreamSession.Configuration(
            credentials: EnvironmentCredential(),
            endpoint: try .fromEnvironment(),
            session: SessionConfiguration(include: [.conversationQualityOverall, .conversationQualityTimeline]))

        // 2) Get camera and microphone
        //
        // They are opened only when the service is ready. `CommandLine` may name a file instead.
        let video: any VideoSource
        let audio: (any AudioSource)?
        if let path = CommandLine.arguments.dropFirst().first {
            let file = try await MediaFile.open(path: path)
            guard let pictures = file.video else { return print("\(path) has no picture.") }
            (video, audio) = (pictures, file.audio)
        } else {
            (video, audio) = (CameraSource(), MicrophoneSource())
        }

        // 3) Send segments to Interhuman
        //
        // `start()` connects, sends the configuration, waits for the answer, and begins to record: every 3 s a segment that
        // begins with a keyframe goes out as one binary message. A lost connection is replaced; nothing is sent twice.
        let session = StreamSession.live(configuration: configuration, video: video, audio: audio)
        let events = try await session.start()

        // 4) Read server envelopes
        //
        // Each event has the message behind it, with its raw JSON. When the loop ends, everything is released.
        for try await event in events {
            switch event.kind {
            case .signalDetected(let signals):
                for signal in signals.map(\.value) {
                    print(
                        signal.type, signal.start, signal.end ?? "…", signal.probability ?? "", signal.rationale ?? "")
                }
            case .engagement(let update):
                print("engagement:", update.value.state)
            case .conversationQuality(let overall?, _):
                print("conversation quality:", overall.qualityIndex)
            case .serviceError(let error):
                print("error:", error)
            case .ended(let summary):
                print("sent \(summary.segmentsSent) segments")
            default:
                break
            }
        }
    }
}
