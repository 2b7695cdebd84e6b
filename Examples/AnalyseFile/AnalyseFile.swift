import Glibc
import Interhuman

/// A recorded conversation from beginning to end, then everything that was found, as a table.
///
///     swift run AnalyseFile conversation.mp4
///
/// Whatever FFmpeg decodes will do. The file is sent in real time, as the service expects; its media can wait, so that a slow
/// network costs time and no picture.
@main
enum AnalyseFile {
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
        guard let path = CommandLine.arguments.dropFirst().first else { return print("usage: AnalyseFile FILE") }
        let file = try await MediaFile.open(path: path)
        let session = StreamSession.live(
            configuration: StreamSession.Configuration(
                credentials: EnvironmentCredential(), endpoint: try .fromEnvironment()),
            video: file.video, audio: file.audio)
        for try await event in try await session.start() {
            if case .segmentSent(let segment) = event.kind { print("sent up to \(segment.sessionEnd) s") }
        }

        // The session keeps what was found: signals as intervals, attention, and what was never analysed.
        let history = await session.history
        print("\nfrom s   to s     signal")
        for signal in history.signals {
            print(
                column(signal.start.sessionSeconds), column(signal.end?.sessionSeconds), signal.type,
                signal.rationale ?? "")
        }
        for gap in history.gaps {
            print(column(gap.sessionStart), column(gap.sessionEnd), "not analysed: \(gap.cause)")
        }
    }

    private static func column(_ seconds: Double?) -> String {
        let text = seconds.map { "\(($0 * 10).rounded() / 10)" } ?? "…"
        return text + String(repeating: " ", count: max(0, 8 - text.count))
    }
}
