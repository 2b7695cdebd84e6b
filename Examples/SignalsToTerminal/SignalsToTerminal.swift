import Glibc
import Interhuman

/// Signals as intervals, and beside them, by a reader of its own, how the stream is doing.
///
///     swift run SignalsToTerminal             # the first camera and the default microphone
///     swift run SignalsToTerminal synthetic   # 12 s of a test picture and a voice-like tone
@main
enum SignalsToTerminal {
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
        let isSynthetic = CommandLine.arguments.contains("synthetic")
        let session = StreamSession.live(
            configuration: StreamSession.Configuration(
                credentials: EnvironmentCredential(), endpoint: try .fromEnvironment()),
            video: isSynthetic ? TestPatternVideoSource(frameCount: 180) : CameraSource(),
            audio: isSynthetic ? VoiceLikeAudioSource(chunkCount: 600) : MicrophoneSource())

        // Any number of readers may subscribe; a slow one misses events, which it is told, and holds up nobody.
        let traffic = session.subscribe()
        async let watching: Void = watch(traffic)
        for try await event in try await session.start() {
            // A signal that began, changed and ended, over lost connections and all generations of messages, as one.
            if case .signalCompleted(let signal) = event.kind {
                print(line(signal))
            }
        }
        try await watching
    }

    private static func watch(_ events: EventSubscription) async throws {
        for try await event in events {
            if case .segmentSent(let segment) = event.kind { print("  sent \(segment.byteCount / 1000) kB") }
        }
    }

    private static func line(_ signal: SignalInterval) -> String {
        let start = signal.start.sessionSeconds
        let length = Int(((signal.end?.sessionSeconds ?? start) - start).rounded())
        return "\(signal.type) from \(Int(start)) s " + String(repeating: "▬", count: max(1, min(length, 40)))
    }
}
