// Made of Documentation/Guides/Migrating.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman

private func block1() async throws {
    let configuration = StreamSession.Configuration(
        credentials: EnvironmentCredential(),  // INTERHUMAN_API_KEY
        endpoint: try ServiceEndpoint(version: .v1),
        session: SessionConfiguration(include: [.conversationQualityOverall, .conversationQualityTimeline]))
    let camera = VideoTap(CameraSource())
    let microphone = MicrophoneSource()
    let preview = camera.preview  // for await frame in preview { … }
    let session = StreamSession.live(configuration: configuration, video: camera, audio: microphone)
    let events = try await session.start()
    for try await event in events {
        if let message = event.message { print(message.type, message.rawJSON) }
        switch event.kind {
        case .signalDetected(let signals): for signal in signals { print(signal.value.type) }
        case .engagement(let update): print(update.value.state)
        case .conversationQuality(let overall, _): print(overall?.qualityIndex ?? 0)
        case .serviceError(let error): print(error)
        default: break
        }
    }
    _ = configuration
    _ = camera
    _ = microphone
    _ = preview
    _ = session
    _ = events
}
