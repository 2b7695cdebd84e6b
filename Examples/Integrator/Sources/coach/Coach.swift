import Glibc
import Interhuman
import MeetingCoach

/// The coach on a live camera, or on a file: `swift run coach [FILE]`.
@main
enum Coach {
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
        var (video, audio): ((any VideoSource)?, (any AudioSource)?) = (CameraSource(), MicrophoneSource())
        if let path = CommandLine.arguments.dropFirst().first {
            let file = try await MediaFile.open(path: path)
            (video, audio) = (file.video, file.audio)
        }
        let session = StreamSession.live(
            configuration: StreamSession.Configuration(
                credentials: EnvironmentCredential(), endpoint: try .fromEnvironment()),
            video: video, audio: audio)
        try await MeetingCoach.follow(session) { hint in
            switch hint {
            case .askAQuestion: print("They drift off. Ask something.")
            case .explain(let rationale): print("They hesitate. Explain.", rationale ?? "")
            case .goOn: print("They are back.")
            case .missing(let seconds): print("\(seconds) s were not watched.")
            }
        }
    }
}
