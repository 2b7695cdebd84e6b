import InterhumanCore
import InterhumanLocalService
import InterhumanTesting
import Testing

@Suite("Sessions of the local service", .timeLimit(.minutes(2)))
struct LocalServiceSessionTests {
    @Test("A whole session: ready, configuration, media, findings, drain")
    func wholeSession() async throws {
        let log = EventLog()
        let service = try await LocalService.start(LocalServiceConfiguration(observer: log.observer))
        let client = try await ServiceClient(service)
        let segments = try await EncodedMedia.lively.value
        let configuration = SessionConfiguration(goalDimensions: [.energy])
        let (messages, ending) = try await client.run(segments, configuration: configuration)

        #expect(messages.types.first == "session.ready")
        #expect(messages.types.dropFirst().first == "session.updated")
        #expect(messages.types.last == "session.ended")
        for type in [
            "signal.detected", "signal.ended", "engagement.updated", "conversation_quality.updated",
            "feedback.generated", "session.closing",
        ] {
            #expect(messages.types.contains(type), "\(type) in \(messages.types)")
        }
        #expect(messages.errors.isEmpty)
        #expect(ending?.closeCode == 1000)
        #expect(Set(messages.map(\.correlationID)) == [client.connection.correlationID])
        #expect(messages.allSatisfy { $0.timestamp != nil })

        let ended = await log.sessionEnded()
        let statistics = try #require(ended?.statistics)
        #expect(ended?.closeCode == 1000)
        #expect(statistics.segmentCount == segments.count)
        #expect(statistics.byteCount == segments.reduce(0) { $0 + $1.byteCount } + segments[0].header.count)
        #expect(statistics.videoFrameCount == 120)
        #expect((11.9...12.2).contains(statistics.mediaSeconds))
        #expect(statistics.messageCount == messages.count)
        await service.shutdown()
    }

    @Test("Every signal that was detected is ended before the session is")
    func signalsAreEnded() async throws {
        let service = try await LocalService.start()
        let client = try await ServiceClient(service)
        let (messages, _) = try await client.run(try await EncodedMedia.lively.value)
        let detected = messages.bodies.flatMap { body -> [SignalType] in
            if case .signalDetected(let seen) = body { seen.map(\.type) } else { [] }
        }
        let ended = messages.bodies.compactMap { body -> SignalType? in
            if case .signalEnded(let end) = body { end.type } else { nil }
        }
        #expect(!detected.isEmpty)
        #expect(detected.map(\.rawValue).sorted() == ended.map(\.rawValue).sorted())
        await service.shutdown()
    }

    @Test("Two sessions with the same bytes give the same findings")
    func determinism() async throws {
        let service = try await LocalService.start()
        let segments = try await EncodedMedia.lively.value
        var runs: [[ServerMessage.Body]] = []
        for _ in 0..<2 {
            let client = try await ServiceClient(service)
            let configuration = SessionConfiguration(goalDimensions: GoalDimension.known)
            runs.append(try await client.run(segments, configuration: configuration).messages.findings)
        }
        #expect(runs[0] == runs[1])
        #expect(runs[0].count > 5)
        await service.shutdown()
    }

    @Test("v1 tells what a signal was read from, v2 does not, and acknowledges the model")
    func versions() async throws {
        let service = try await LocalService.start()
        let segments = try await EncodedMedia.lively.value
        for version in ServiceEndpoint.Version.allCases {
            let client = try await ServiceClient(service, version: version)
            let (messages, _) = try await client.run(segments)
            let detections = messages.filter { $0.type == "signal.detected" }
            #expect(!detections.isEmpty)
            #expect(detections.allSatisfy { $0.rawJSON.contains("modality") == (version == .v1) })
            let models = messages.bodies.compactMap { body -> AnalysisModel?? in
                if case .sessionUpdated(let updated) = body { .some(updated.model) } else { nil }
            }
            #expect(models == [version == .v2 ? .inter2 : nil])
        }
        await service.shutdown()
    }

    @Test("Bad configurations get ih6001 and leave the session open")
    func badConfiguration() async throws {
        let service = try await LocalService.start()
        let client = try await ServiceClient(service)
        try await client.connection.send(SessionConfiguration(include: [.unknown("moods")]))
        let refused = await client.messages(until: "error")
        #expect(refused.types == ["session.ready", "error"])
        #expect(refused.errors.map(\.code) == [.badConfiguration])
        try await client.connection.send(SessionConfiguration(include: [.conversationQualityOverall]))
        let accepted = await client.next()
        #expect(
            accepted?.body == .sessionUpdated(SessionUpdated(include: [.conversationQualityOverall])))
        try await client.connection.requestClose()
        let (_, ending) = await client.rest()
        #expect(ending?.closeCode == 1000)
        await service.shutdown()
    }

    @Test("Bytes that are no media get ih5004; a fresh container is decoded after that")
    func garbage() async throws {
        let log = EventLog()
        let service = try await LocalService.start(LocalServiceConfiguration(observer: log.observer))
        let client = try await ServiceClient(service)
        try await client.send(bytes: [UInt8](repeating: 0x42, count: 5000))
        let refused = await client.messages(until: "error")
        #expect(refused.errors.map(\.code) == [.malformedSegment])
        #expect(refused.errors.first?.segment == 0)
        // In the middle of nothing: still no container.
        try await client.send(bytes: [1, 2, 3])
        let again = await client.messages(until: "error")
        #expect(again.errors.map(\.segment) == [1])
        let (messages, ending) = try await client.run(try await EncodedMedia.lively.value)
        #expect(messages.types.contains("signal.detected"))
        #expect(messages.errors.isEmpty)
        #expect(ending?.closeCode == 1000)
        #expect(await log.sessionEnded()?.statistics.videoFrameCount == 120)
        await service.shutdown()
    }

    @Test("A message over the limit gets ih6002 and close code 1009")
    func oversize() async throws {
        let service = try await LocalService.start(
            LocalServiceConfiguration(limits: ServiceLimits(maximumMessageSize: 1000)))
        let client = try await ServiceClient(service)
        _ = await client.messages(until: "session.ready")
        // The service may cut the connection while the message is under way.
        try? await client.send(bytes: [UInt8](repeating: 0, count: 1001))
        let (messages, ending) = await client.rest()
        #expect(messages.errors.map(\.code) == [.messageTooLarge])
        #expect(ending?.closeCode == 1009)
        await service.shutdown()
    }

    @Test("A stream without sound gets ih5008, once, and is analysed all the same")
    func noAudio() async throws {
        let service = try await LocalService.start()
        let client = try await ServiceClient(service)
        let (messages, ending) = try await client.run(try await EncodedMedia.silentFilm.value)
        #expect(messages.errors.map(\.code) == [.noAudioTrack])
        #expect(messages.types.contains("engagement.updated"))
        #expect(ending?.closeCode == 1000)
        await service.shutdown()
    }

    @Test("A segment that was left out shows as coverage.dropped")
    func gap() async throws {
        let service = try await LocalService.start()
        let client = try await ServiceClient(service)
        var segments = try await EncodedMedia.lively.value
        let left = segments.remove(at: 1)
        let (messages, _) = try await client.run(segments)
        let ranges = messages.bodies.flatMap { body -> [CoverageRange] in
            if case .coverageDropped(let coverage) = body { coverage.ranges } else { [] }
        }
        let range = try #require(ranges.first)
        #expect(ranges.count == 1)
        #expect(abs(range.start - left.mediaStart) < 0.2)
        #expect(abs(range.end - left.mediaEnd) < 0.2)
        await service.shutdown()
    }

    @Test("A session without media drains at once")
    func nothingSent() async throws {
        let service = try await LocalService.start()
        let client = try await ServiceClient(service)
        let (messages, ending) = try await client.run([])
        #expect(
            messages.types == ["session.ready", "session.updated", "session.closing", "session.ended"])
        #expect(ending?.closeCode == 1000)
        await service.shutdown()
    }

    @Test("A silent client gets ih6003")
    func idle() async throws {
        let clock = ManualClock()
        let service = try await LocalService.start(clock: clock)
        let client = try await ServiceClient(service)
        _ = await client.messages(until: "session.ready")
        clock.advance(by: .seconds(300))
        let (messages, ending) = await client.rest()
        #expect(messages.errors.map(\.code) == [.idleTimeout])
        #expect(messages.bodies.last == .sessionEnded(SessionEnded(reason: "idle_timeout")))
        #expect(ending?.closeCode == 1000)
        await service.shutdown()
    }

    @Test("A client that just goes leaves nothing behind; the next one is served")
    func clientGoes() async throws {
        let log = EventLog()
        let service = try await LocalService.start(LocalServiceConfiguration(observer: log.observer))
        let client = try await ServiceClient(service)
        try await client.send(Array(try await EncodedMedia.lively.value.prefix(2)))
        await client.connection.close()
        #expect(await log.sessionEnded() != nil)
        let next = try await ServiceClient(service)
        let (messages, _) = try await next.run([])
        #expect(messages.types.last == "session.ended")
        await service.shutdown()
    }

    @Test("Shutting down closes the sessions with 1001")
    func shutdown() async throws {
        let log = EventLog()
        let service = try await LocalService.start(LocalServiceConfiguration(observer: log.observer))
        let client = try await ServiceClient(service)
        _ = await client.messages(until: "session.ready")
        async let rest = client.rest()
        await service.shutdown()
        #expect(await rest.ending?.closeCode == 1001)
        #expect(await log.sessionEnded() != nil)
    }
}
