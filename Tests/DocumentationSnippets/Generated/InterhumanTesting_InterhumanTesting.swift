// Made of Sources/InterhumanTesting/InterhumanTesting.docc/InterhumanTesting.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman
import InterhumanCore
import InterhumanSession
import InterhumanTesting

private func block1() async throws {
    /// What a service says once is told once.
    func feedback() async throws -> [String] {
        let connector = ScriptedConnector([
            .accept(
                ConnectionScript.wellBehaved()
                    .on(.segment(1), .send(ServerMessage(scripted: .feedbackGenerated(Feedback(text: "Good."))))))
        ])
        let session = StreamSession(
            configuration: StreamSession.Configuration(
                credentials: StaticCredential(Credential("test")),
                endpoint: try ServiceEndpoint(baseURL: "wss://service.example")),
            video: ArrayVideoSource(count: 180), audio: ArrayAudioSource(count: 300),
            encoderFactory: PassthroughSegmentEncoderFactory(), connector: connector)
        var told: [String] = []
        for try await event in try await session.start() {
            if case .feedback(let given) = event.kind { told.append(given.text) }
        }
        return told
    }
}
