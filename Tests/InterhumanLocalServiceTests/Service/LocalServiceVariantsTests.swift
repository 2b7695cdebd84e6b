import FoundationEssentials
import InterhumanCore
import InterhumanLocalService
import InterhumanTransport
import Testing

@Suite("Other ways to use the local service", .timeLimit(.minutes(1)))
struct LocalServiceVariantsTests {
    @Test("Raw samples, cut anywhere, are analysed on v2 with the model for sound alone")
    func rawAudio() async throws {
        let log = EventLog()
        let service = try await LocalService.start(LocalServiceConfiguration(observer: log.observer))
        let client = try await ServiceClient(service, version: .v2, model: .inter2Audio)
        async let answers = client.rest()
        try await client.connection.send(
            SessionConfiguration(audioFormat: RawAudioFormat(sampleRate: 16_000)))
        // 7 s of a 125 Hz square wave, with silence in its last 3 s.
        let samples = (0..<112_000).map { index -> Int16 in
            index < 64_000 ? (index / 64 % 2 == 0 ? 6000 : -6000) : 0
        }
        let bytes = samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        for start in stride(from: 0, to: bytes.count, by: 33_333) {
            try await client.send(bytes: Array(bytes[start..<min(start + 33_333, bytes.count)]))
        }
        try await client.connection.requestClose()
        let (messages, ending) = await answers
        #expect(messages.errors.isEmpty)
        #expect(messages.types.contains("signal.detected"))
        #expect(messages.types.contains("conversation_quality.updated"))
        #expect(ending?.closeCode == 1000)
        #expect(await log.sessionEnded()?.statistics.audioSampleCount == 112_000)
        await service.shutdown()
    }

    @Test("A session over TLS with the local certificate")
    func tls() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "certificate-\(UUID())")
        defer { try? FileManager.default.removeItem(at: directory) }
        let certificate = try LocalCertificate.loadOrCreate(in: directory.path)
        let service = try await LocalService.start(
            LocalServiceConfiguration(
                tls: TLSServerConfiguration(
                    certificateChainPath: certificate.chainPath, privateKeyPath: certificate.keyPath)))
        #expect(service.baseURL == "wss://127.0.0.1:\(service.port)")
        let client = try await ServiceClient(
            service,
            tls: TLSConfiguration(
                usesSystemTrust: false, trustedCertificates: [.file(path: certificate.authorityPath)]))
        let (messages, ending) = try await client.run(try await EncodedMedia.lively.value)
        #expect(messages.types.contains("signal.detected"))
        #expect(messages.types.last == "session.ended")
        #expect(ending?.closeCode == 1000)
        await service.shutdown()
    }

    @Test("Containers that restart and messages cut anywhere make one timeline")
    func restartsAndCuts() async throws {
        let log = EventLog()
        let service = try await LocalService.start(LocalServiceConfiguration(observer: log.observer))
        let client = try await ServiceClient(service)
        async let answers = client.rest()
        try await client.connection.send(SessionConfiguration())
        for _ in 0..<2 { try await client.send(try await EncodedMedia.lively.value, cutEvery: 20_011) }
        try await client.connection.requestClose()
        let (messages, _) = await answers
        #expect(messages.errors.isEmpty)
        #expect(!messages.types.contains("coverage.dropped"))
        let stretches = messages.bodies.flatMap { body -> [ConversationQualityInterval] in
            if case .conversationQualityUpdated(let update) = body { update.timeline ?? [] } else { [] }
        }
        #expect(zip(stretches, stretches.dropFirst()).allSatisfy { $0.end == $1.start })
        let statistics = await log.sessionEnded()?.statistics
        #expect(statistics?.videoFrameCount == 240)
        #expect((23.8...24.4).contains(statistics?.mediaSeconds ?? 0))
        let restarts = log.all.filter { event in
            if case .note(.containerRestarted) = event.kind { true } else { false }
        }
        #expect(restarts.count == 1)
        await service.shutdown()
    }
}
