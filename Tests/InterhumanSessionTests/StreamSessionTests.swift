import InterhumanCore
import InterhumanSession
import InterhumanTesting
import Testing

/// The main job: connect, configure, stream, tell, finish.
@Suite(.timeLimit(.minutes(1)))
struct StreamSessionTests {
    @Test("connects, configures, sends every segment in order, passes results on, drains")
    func wholeSession() async throws {
        let signal = ServerMessage(
            scripted: .signalDetected([SignalObservation(type: .interest, start: 1.5, probability: .high)]),
            rawJSON: #"{"type":"signal.detected","data":{"start":1.5}}"#)
        let fixture = try SessionFixture(ConnectionScript.wellBehaved().on(.segment(1), .send(signal)))
        let account = await Account(reading: try await fixture.session.start())

        #expect(account.error == nil)
        #expect(account.names.prefix(2) == ["connected", "ready"])
        #expect(account.names.contains("configured"))
        #expect(account.names.contains("capturing"))
        #expect(
            account.names.suffix(5) == ["draining", "sessionEnded", "signalCompleted", "disconnected", "ended"])
        #expect(account.names.filter { $0 == "segmentSent" }.count == 2)
        #expect(account.events.compactMap(\.message?.rawJSON).filter { $0 == signal.rawJSON }.count == 1)

        let connection = try #require(await fixture.connector.connection())
        let sent = connection.sent
        #expect(sent.first == .configuration(SessionConfiguration()))
        #expect(sent.suffix(2) == [.closeRequest, .close])
        #expect(connection.segments.map(\.index) == [0, 1])
        #expect(connection.binaryMessages[0].starts(with: PassthroughSegmentEncoderFactory.header))
        #expect(!connection.binaryMessages[1].starts(with: PassthroughSegmentEncoderFactory.header))
        #expect(connection.segments.map(\.videoFrameCount).reduce(0, +) == 180)
        #expect(connection.segments.map(\.audioSampleCount).reduce(0, +) == 300 * 960)

        let summary = try #require(account.summary)
        #expect(summary.segmentsSent == 2)
        #expect(summary.bytesSent == connection.binaryMessages.map(\.count).reduce(0, +))
        #expect(summary.messagesReceived == 5)
        guard case .sessionEnded(reason: "client_shutdown") = summary.completion else {
            Issue.record("ended with \(summary.completion)")
            return
        }
    }

    @Test("no media is captured before the configuration is sent")
    func captureWaitsForConfiguration() async throws {
        let fixture = try SessionFixture(ConnectionScript.wellBehaved().on(.open, .holdSends))
        let session = fixture.session
        let start = Task { try await session.start() }
        let connection = try #require(await fixture.connector.connection())
        #expect(fixture.encoders.encoders.isEmpty)
        connection.releaseSends()
        _ = await Account(reading: try await start.value)
        #expect(connection.sent.first == .configuration(SessionConfiguration()))
        #expect(fixture.encoders.encoders.count == 1)
    }

    @Test("the request carries endpoint, credential, placement and headers; attribution only when asked for")
    func request() async throws {
        let fixture = try SessionFixture(.wellBehaved()) { configuration in
            configuration.credentialPlacement = .subprotocolPair
            configuration.headers = [HeaderField("Origin", "https://example.com")]
        }
        _ = await Account(reading: try await fixture.session.start())
        let request = try #require(await fixture.connector.request())
        #expect(request.credential == .test)
        #expect(request.credentialPlacement == .subprotocolPair)
        #expect(request.headers == [HeaderField("Origin", "https://example.com")])
        #expect(request.endpoint.target == "/v1/stream/analyze")

        let attributed = try SessionFixture(.wellBehaved()) { $0.sendsAttribution = true }
        _ = await Account(reading: try await attributed.session.start())
        let told = try #require(await attributed.connector.request())
        #expect(told.headers == [HeaderField("X-Interhuman-SDK", "swift/\(StreamSession.sdkVersion)")])
        #expect(told.endpoint.query == "ih_sdk=swift&ih_sdk_version=\(StreamSession.sdkVersion)")
    }

    @Test("a service that sends no session.ready is streamed to after the grace")
    func graceWithoutReady() async throws {
        let fixture = try SessionFixture(ConnectionScript())
        let session = fixture.session
        let start = Task { try await session.start() }
        await fixture.clock.waitForSleeper(until: SessionFixture.base + .seconds(2))
        let connection = try #require(await fixture.connector.connection())
        #expect(connection.sent.isEmpty)
        fixture.clock.advance(by: .seconds(2))
        let events = try await start.value

        // It knows no session.close either: a quiet period ends the session.
        await connection.waitUntil { $0.contains(.closeRequest) }
        await fixture.clock.waitForSleeper(until: SessionFixture.base + .seconds(14))
        fixture.clock.advance(by: .seconds(12))
        let account = await Account(reading: events)
        #expect(account.error == nil)
        let second = try #require(account.events.dropFirst().first)
        guard case .ready(nil) = second.kind else {
            Issue.record("got \(second.kind)")
            return
        }
        #expect(account.names.filter { $0 == "segmentSent" }.count == 2)
        guard case .quiet = try #require(account.summary).completion else {
            Issue.record("ended with \(String(describing: account.summary?.completion))")
            return
        }
    }

    @Test("every message moves the quiet period, but not beyond the limit of a drain")
    func quietPeriodMoves() async throws {
        let fixture = try SessionFixture(
            ConnectionScript().on(.open, .send(ServerMessage(scripted: .sessionReady(SessionReady())))))
        let events = try await fixture.session.start()
        let connection = try #require(await fixture.connector.connection())
        await connection.waitUntil { $0.contains(.closeRequest) }
        for turn in 1...5 {
            await fixture.clock.waitForSleeper(until: fixture.clock.now + .seconds(12))
            fixture.clock.advance(by: .seconds(11))
            connection.deliver(ServerMessage(scripted: .feedbackGenerated(Feedback(text: "\(turn)"))))
        }
        await fixture.clock.waitForSleeper(until: SessionFixture.base + .seconds(60))
        fixture.clock.advance(by: .seconds(5))
        let account = await Account(reading: events)
        #expect(account.names.filter { $0 == "feedback" }.count == 5)
        #expect(account.names.suffix(2) == ["warning", "ended"])
        guard case .timedOut = try #require(account.summary).completion else {
            Issue.record("ended with \(String(describing: account.summary?.completion))")
            return
        }
    }

    @Test("finish() of a running session sends what was captured and drains")
    func finishDrains() async throws {
        let fixture = try SessionFixture(
            .wellBehaved(), video: ArrayVideoSource(count: 100, base: SessionFixture.base, ending: .staysOpen),
            audio: ArrayAudioSource(count: 160, base: SessionFixture.base, ending: .staysOpen))
        let events = try await fixture.session.start()
        let connection = try #require(await fixture.connector.connection())
        await connection.waitUntil { $0.count == 2 }
        await fixture.session.finish()
        let account = await Account(reading: events)
        #expect(account.error == nil)
        #expect(connection.segments.count == 2)
        #expect(connection.sent.suffix(2) == [.closeRequest, .close])
        #expect(fixture.video?.isStopped == true)
        #expect(fixture.audio?.isStopped == true)
        #expect(fixture.encoders.encoders.allSatisfy { $0.isFinished })
        #expect(account.names.suffix(4) == ["draining", "sessionEnded", "disconnected", "ended"])
    }

    @Test("a drain lasts as long as the service asked for, plus the margin")
    func drainDeadline() async throws {
        let fixture = try SessionFixture(
            ConnectionScript()
                .on(.open, .send(ServerMessage(scripted: .sessionReady(SessionReady()))))
                .on(
                    .closeRequest,
                    .send(ServerMessage(scripted: .sessionClosing(SessionClosing(maxDrainSeconds: 20))))))
        let events = try await fixture.session.start()
        let session = fixture.session
        let finished = Task { await session.finish() }
        await fixture.clock.waitForSleeper(until: SessionFixture.base + .seconds(25))
        fixture.clock.advance(by: .seconds(25))
        await finished.value
        let account = await Account(reading: events)
        #expect(account.error == nil)
        #expect(account.names.suffix(2) == ["warning", "ended"])
        guard case .timedOut = try #require(account.summary).completion else {
            Issue.record("ended with \(String(describing: account.summary?.completion))")
            return
        }
    }

    @Test("a drain of absurd length is bounded", arguments: [-3, 0, 1e300, .infinity, .nan])
    func absurdDrain(seconds: Double) async throws {
        let fixture = try SessionFixture(
            ConnectionScript.wellBehaved(maxDrainSeconds: seconds))
        let account = await Account(reading: try await fixture.session.start())
        #expect(account.error == nil)
        #expect(account.names.last == "ended")
    }
}
