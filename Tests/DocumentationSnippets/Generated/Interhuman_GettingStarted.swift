// Made of Sources/Interhuman/Interhuman.docc/GettingStarted.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman
import InterhumanLocalService

private func block1() async throws {
    let service = try await LocalService.start()
    let session = StreamSession.live(
        configuration: StreamSession.Configuration(
            credentials: StaticCredential(Credential("any")),
            endpoint: try ServiceEndpoint(baseURL: service.baseURL)),
        video: TestPatternVideoSource(frameCount: 150), audio: VoiceLikeAudioSource(chunkCount: 500))
    for try await event in try await session.start() { print(event.kind) }
    await service.shutdown()
    _ = service
    _ = session
}

private func block2() async throws {
    let file = try await MediaFile.open(path: "conversation.mp4")
    let configuration = StreamSession.Configuration(
        credentials: EnvironmentCredential(), endpoint: try ServiceEndpoint(version: .v1))
    let fromFile = StreamSession.live(configuration: configuration, video: file.video, audio: file.audio)
    let fromDevices = StreamSession.live(
        configuration: configuration, video: CameraSource(), audio: MicrophoneSource())
    _ = file
    _ = configuration
    _ = fromFile
    _ = fromDevices
}

private func block3() async throws {
    var configuration = StreamSession.Configuration(
        credentials: EnvironmentCredential(), endpoint: try ServiceEndpoint(version: .v2),
        session: SessionConfiguration(
            include: [.conversationQualityOverall, .conversationQualityTimeline], goalDimensions: [.clarity, .energy]))
    configuration.reconnect.outageBudget = nil  // never give up
    configuration.spool = DiskSpool(directory: "/var/lib/my-program/spool")
    _ = configuration
}
