import Interhuman
import InterhumanLocalService
import Testing

/// The code of Documentation/Guides/Testing.md that needs sockets; Tests/InterhumanTestingTests compares it.
@Suite(.timeLimit(.minutes(2)))
struct GuideTests {
    @Test("against the local service")
    func localService() async throws {
        let service = try await LocalService.start()
        let session = StreamSession.live(
            configuration: StreamSession.Configuration(
                credentials: StaticCredential(Credential("any")),
                endpoint: try ServiceEndpoint(baseURL: service.baseURL)),
            video: TestPatternVideoSource(frameCount: 60), audio: VoiceLikeAudioSource(chunkCount: 200))
        var summary: SessionSummary?
        for try await event in try await session.start() {
            if case .ended(let end) = event.kind { summary = end }
        }
        await service.shutdown()
        #expect(summary?.framesEncoded == 60)
    }
}
