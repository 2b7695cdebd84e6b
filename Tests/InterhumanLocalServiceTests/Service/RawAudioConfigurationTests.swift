import InterhumanCore
import InterhumanLocalService
import Testing

@Suite("Configurations of raw audio before the first media", .timeLimit(.minutes(2)))
struct RawAudioConfigurationTests {
    @Test("The last configured rate is the one that samples are read at")
    func secondRate() async throws {
        let log = EventLog()
        let service = try await LocalService.start(LocalServiceConfiguration(observer: log.observer))
        let client = try await ServiceClient(service, version: .v2, model: .inter2Audio)
        async let answers = client.rest()
        for rate in [16_000, 24_000] {
            try await client.connection.send(SessionConfiguration(audioFormat: RawAudioFormat(sampleRate: rate)))
        }
        try await client.send(bytes: [UInt8](repeating: 0, count: 24_000 * 2 * 6))
        try await client.connection.requestClose()
        #expect(await answers.messages.errors.isEmpty)
        #expect(await log.sessionEnded()?.statistics.mediaSeconds == 6)
        await service.shutdown()
    }

    @Test("After another model was chosen, containers are containers again")
    func backToContainers() async throws {
        let log = EventLog()
        let service = try await LocalService.start(LocalServiceConfiguration(observer: log.observer))
        let client = try await ServiceClient(service, version: .v2)
        try await client.connection.send(
            SessionConfiguration(model: .inter2Audio, audioFormat: RawAudioFormat(sampleRate: 16_000)))
        let (messages, _) = try await client.run(
            try await EncodedMedia.lively.value, configuration: SessionConfiguration(model: .inter2))
        #expect(messages.errors.isEmpty)
        #expect(messages.types.contains("signal.detected"))
        #expect(await log.sessionEnded()?.statistics.videoFrameCount == 120)
        await service.shutdown()
    }
}
