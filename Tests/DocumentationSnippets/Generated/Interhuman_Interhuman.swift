// Made of Sources/Interhuman/Interhuman.docc/Interhuman.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman

private func block1() async throws {
    let session = StreamSession.live(
        configuration: StreamSession.Configuration(
            credentials: EnvironmentCredential(),  // INTERHUMAN_API_KEY
            endpoint: try ServiceEndpoint(version: .v1)),
        video: CameraSource(), audio: MicrophoneSource())

    for try await event in try await session.start() {
        if case .engagement(let update) = event.kind { print("now", update.value.state) }
    }
    _ = session
}
