import InterhumanCore
import InterhumanSession
import InterhumanTesting
import Testing

/// Calls out of order, cancellation at every stage, and that nothing stays behind.
@Suite(.timeLimit(.minutes(1)))
struct StreamSessionLifecycleTests {
    /// A session that would go on until it is ended.
    private func endless() throws -> SessionFixture {
        try SessionFixture(
            .wellBehaved(), video: ArrayVideoSource(count: 100, base: SessionFixture.base, ending: .staysOpen),
            audio: ArrayAudioSource(count: 200, base: SessionFixture.base, ending: .staysOpen))
    }

    @Test("start() twice: the second call throws and disturbs nothing")
    func startTwice() async throws {
        let fixture = try endless()
        let events = try await fixture.session.start()
        #expect(await fixture.errorOfStart()?.code == .misuse)
        await fixture.session.finish()
        #expect(await Account(reading: events).error == nil)
        #expect(await fixture.errorOfStart()?.code == .misuse)
        #expect(fixture.connector.requests.count == 1)
    }

    @Test("finish() and cancel() before start() end the session, and start() says that it was cancelled")
    func endBeforeStart() async throws {
        let finished = try SessionFixture(.wellBehaved())
        await finished.session.finish()
        #expect(await finished.errorOfStart()?.code == .cancelled)
        #expect(await finished.errorOfStart()?.code == .misuse)
        let cancelled = try SessionFixture(.wellBehaved())
        await cancelled.session.cancel()
        await cancelled.session.cancel()
        #expect(await cancelled.errorOfStart()?.code == .cancelled)
        #expect(cancelled.connector.requests.isEmpty)
    }

    @Test("cancel() while connecting", arguments: [true, false])
    func cancelWhileConnecting(byFinish: Bool) async throws {
        let fixture = try SessionFixture([.hang])
        let start = Task { await fixture.errorOfStart() }
        _ = await fixture.connector.request()
        if byFinish { await fixture.session.finish() } else { await fixture.session.cancel() }
        #expect(await start.value?.code == .cancelled)
        #expect(fixture.connector.connections.isEmpty)
    }

    @Test("cancelling the task that starts")
    func cancelStartingTask() async throws {
        let fixture = try SessionFixture([.hang])
        let start = Task { await fixture.errorOfStart() }
        _ = await fixture.connector.request()
        start.cancel()
        #expect(await start.value?.code == .cancelled)
        #expect(await fixture.errorOfStart()?.code == .misuse)
    }

    @Test("cancel() while waiting for session.ready closes the connection")
    func cancelWhileAwaitingReady() async throws {
        let fixture = try SessionFixture(ConnectionScript())
        let start = Task { await fixture.errorOfStart() }
        await fixture.clock.waitForSleepers()
        await fixture.session.cancel()
        #expect(await start.value?.code == .cancelled)
        let connection = try #require(await fixture.connector.connection())
        #expect(connection.isClosedByClient)
        #expect(fixture.clock.deadlines.isEmpty)
    }

    @Test("cancel() while streaming frees everything at once, and tells of it last")
    func cancelWhileStreaming() async throws {
        let fixture = try endless()
        let events = try await fixture.session.start()
        let connection = try #require(await fixture.connector.connection())
        await connection.waitUntil { $0.count == 2 }
        await fixture.session.cancel()
        #expect(connection.isClosedByClient)
        #expect(!connection.sent.contains(.closeRequest))
        #expect(fixture.video?.isStopped == true)
        #expect(fixture.audio?.isStopped == true)
        #expect(fixture.encoders.encoders.allSatisfy { $0.isCancelled })
        let account = await Account(reading: events)
        #expect(account.error == nil)
        guard case .cancelled = try #require(account.summary).completion else {
            Issue.record("ended with \(String(describing: account.summary?.completion))")
            return
        }
        #expect(fixture.clock.deadlines.isEmpty)
    }

    @Test("cancel() while the drain lasts ends it")
    func cancelWhileDraining() async throws {
        let fixture = try SessionFixture(
            ConnectionScript().on(.open, .send(ServerMessage(scripted: .sessionReady(SessionReady())))))
        let events = try await fixture.session.start()
        let connection = try #require(await fixture.connector.connection())
        await connection.waitUntil { $0.contains(.closeRequest) }
        await fixture.session.cancel()
        let account = await Account(reading: events)
        #expect(account.error == nil)
        #expect(account.summary?.segmentsSent == 2)
        #expect(fixture.clock.deadlines.isEmpty)
    }

    @Test("cancelling the task that reads the events ends everything before its loop is left")
    func cancelReader() async throws {
        let fixture = try endless()
        let events = try await fixture.session.start()
        let connection = try #require(await fixture.connector.connection())
        let reader = Task { await Account(reading: events) }
        await connection.waitUntil { $0.count == 2 }
        reader.cancel()
        let account = await reader.value
        #expect(account.error == nil)
        #expect(connection.isClosedByClient)
        #expect(fixture.video?.isStopped == true)
        #expect(fixture.audio?.isStopped == true)
        #expect(fixture.clock.deadlines.isEmpty)
    }

    @Test("a stuck network doesn't hold finish() up for ever")
    func stuckNetwork() async throws {
        let fixture = try SessionFixture(ConnectionScript.wellBehaved().on(.segment(1), .holdSends))
        let session = fixture.session
        let events = try await session.start()
        let connection = try #require(await fixture.connector.connection())
        await connection.waitUntil { $0.count == 2 }
        let finished = Task { await session.finish() }
        await connection.waitUntilSendIsHeld()
        await fixture.clock.waitForSleeper(until: SessionFixture.base + .seconds(30))
        fixture.clock.advance(by: .seconds(30))
        await finished.value
        let account = await Account(reading: events)
        #expect(account.error == nil)
        #expect(account.names.contains("gap"))
        #expect(account.names.contains("warning"))
        guard case .timedOut = try #require(account.summary).completion else {
            Issue.record("ended with \(String(describing: account.summary?.completion))")
            return
        }
    }

    @Test("a session that ended is let go")
    func noReferenceIsLeft() async throws {
        weak var session: StreamSession?
        do {
            let fixture = try endless()
            session = fixture.session
            let events = try await fixture.session.start()
            await fixture.session.finish()
            _ = await Account(reading: events)
        }
        #expect(session == nil)
    }
}
