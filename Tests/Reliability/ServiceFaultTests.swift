import Foundation
import Interhuman
import InterhumanLocalService
import TestPrograms
import Testing

/// A live session with real sockets and codecs against the local service, which does not behave.
///
/// Runs in real time, so only where `INTERHUMAN_RELIABILITY_SECONDS` says how long each test shall stream: what a busy
/// machine delays by seconds is then part of the experiment. The simulator has the same faults on a clock of its own.
@Suite(.serialized, .enabled(if: FaultRun.wantedSeconds != nil)) struct ServiceFaultTests {
    private func configuration(port: Int, credentials: any CredentialProvider) throws -> StreamSession.Configuration {
        var configuration = StreamSession.Configuration(
            credentials: credentials,
            endpoint: try ServiceEndpoint(baseURL: "ws://127.0.0.1:\(port)", version: .v1))
        configuration.eventCapacity = 100_000
        return configuration
    }

    private func session(
        port: Int, credentials: any CredentialProvider = StaticCredential(Credential("key"))
    ) throws -> StreamSession {
        var media = SegmentSettings()
        media.videoBitRate = 100_000
        return StreamSession.live(
            configuration: try configuration(port: port, credentials: credentials),
            video: TestPatternVideoSource(width: 160, height: 90, frameRate: 5, frameCount: FaultRun.seconds * 5),
            audio: VoiceLikeAudioSource(chunkCount: FaultRun.seconds * 50), media: media)
    }

    @Test(
        "the service is killed and started again every few seconds, each time with another key",
        .timeLimit(.minutes(20)))
    func killedService() async throws {
        let free = try await LocalService.start()
        let port = free.port
        await free.shutdown()
        let provider = RotatingCredential()
        let services = Task {
            while !Task.isCancelled {
                let program = try RunningProgram(
                    try BuiltExecutable.path(of: "interhuman"),
                    ["serve", "--plain", "--port", "\(port)", "--api-key", provider.rotate()])
                _ = await program.output.firstLine { $0.contains("ready") }
                provider.isUp.fulfil(())
                do {
                    try await SystemClock().sleep(until: SystemClock().now + .seconds(4))
                } catch {
                    return
                }
                program.send(signal: SIGKILL)
                _ = await program.waitUntilExit()
            }
        }
        await provider.isUp.value()
        let run = try await FaultRun(try session(port: port, credentials: provider))
        services.cancel()
        _ = try? await services.value
        run.report("killed every 4 s")
        try run.expectBalance()
        // The last drain may fall into a kill: then results are missing, which is told, but no media.
        #expect(run.error == nil)
        #expect(run.count("reconnected") >= FaultRun.seconds / 10)
        #expect(provider.refreshes > 0)
    }

    @Test("the service's maximum duration is 10 s", .timeLimit(.minutes(20)))
    func maximumDuration() async throws {
        let service = try await LocalService.start(
            LocalServiceConfiguration(limits: ServiceLimits(maximumDuration: .seconds(10))))
        let run = try await FaultRun(try session(port: service.port))
        await service.shutdown()
        run.report("maximum duration 10 s")
        try run.expectBalance()
        #expect(run.error == nil)
        #expect(run.summary?.timeLost == .zero)
        #expect(run.count("rolledOver") >= FaultRun.seconds / 10)
        #expect(run.count("reconnecting") == 0)
    }

    @Test("every credential expires after 15 s", .timeLimit(.minutes(20)))
    func expiringCredential() async throws {
        let service = try await LocalService.start(LocalServiceConfiguration(apiKey: ExpiringCredential.accepted))
        let provider = ExpiringCredential(lifetime: .seconds(15))
        var media = SegmentSettings()
        media.videoBitRate = 100_000
        let session = StreamSession(
            configuration: try configuration(port: service.port, credentials: provider),
            video: TestPatternVideoSource(width: 160, height: 90, frameRate: 5, frameCount: FaultRun.seconds * 5),
            audio: VoiceLikeAudioSource(chunkCount: FaultRun.seconds * 50),
            encoderFactory: FFmpegSegmentEncoderFactory(settings: media),
            connector: ExpiringConnector(base: WebSocketConnector(), credentials: provider))
        let run = try await FaultRun(session)
        await service.shutdown()
        run.report("credential expiring after 15 s")
        try run.expectBalance()
        #expect(run.error == nil)
        #expect(run.summary?.timeLost == .zero)
        #expect(run.count("reconnected") >= FaultRun.seconds / 15 - 1)
        // One fresh credential for each expiry, not one for each attempt.
        #expect(provider.issued <= FaultRun.seconds / 15 + 2)
    }

    @Test("the link is throttled to a third of what the media needs, and freed again", .timeLimit(.minutes(20)))
    func throttledLink() async throws {
        // Stepping down takes the buffers' time, climbing back at least 15 s a step.
        let seconds = max(180, FaultRun.seconds)
        let service = try await LocalService.start()
        let relay = try await Relay(to: service.port)
        var media = SegmentSettings()
        (media.videoBitRate, media.audioBitRate) = (600_000, 32_000)
        let session = StreamSession.live(
            configuration: try configuration(port: relay.port, credentials: StaticCredential(Credential("key"))),
            video: NoiseSource(seconds: seconds), audio: VoiceLikeAudioSource(chunkCount: seconds * 50), media: media)
        let link = Task {
            let clock = SystemClock()
            let start = clock.now
            try await clock.sleep(until: start + .seconds(20))
            let before = await session.statistics
            // The first segments are larger than the rest.
            let rate = Double(before.bytesSent) / before.timeSent.inSeconds
            relay.throttle(bytesPerSecond: rate / 3)
            print("throttled from \(Int(rate)) to \(Int(rate / 3)) bytes/s")
            try await clock.sleep(until: start + .seconds(90))
            relay.throttle(bytesPerSecond: nil)
        }
        let run = try await FaultRun(session)
        link.cancel()
        await service.shutdown()
        run.report("throttled to a third and back")
        try run.expectBalance(seconds: seconds)
        #expect(run.error == nil)
        let steps = run.events.compactMap { if case .adapted(let step) = $0.kind { step } else { nil } }
        print("steps \(steps.map { "\($0.from)>\($0.to)" })")
        #expect(steps.first.map { $0.to > $0.from } == true)
        #expect(steps.contains { $0.to < $0.from })
        #expect(run.count("reconnecting") == 0)
    }
}
