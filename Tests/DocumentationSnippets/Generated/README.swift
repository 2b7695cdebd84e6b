// Made of README.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman

private func block1() async throws {
    do {
        let file = try await MediaFile.open(path: "conversation.mp4")
        let session = StreamSession.live(
            configuration: StreamSession.Configuration(
                credentials: EnvironmentCredential(),  // INTERHUMAN_API_KEY
                endpoint: try .fromEnvironment()),  // INTERHUMAN_URL, or the vendor's own service
            video: file.video, audio: file.audio)

        for try await event in try await session.start() {
            switch event.kind {
            case .signalDetected(let signals):
                for signal in signals {
                    print(signal.value.type, signal.value.rationale ?? "")
                }
            case .engagement(let update):
                print("now", update.value.state)
            default:
                break
            }
        }
    } catch {
        print(error)  // what happened, and what to do
    }
}
