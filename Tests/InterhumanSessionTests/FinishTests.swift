import InterhumanCore
import InterhumanSession
import InterhumanTesting
import Testing

/// finish() is bounded whatever the service does, and loses nothing when it behaves.
@Suite(.timeLimit(.minutes(1)))
struct FinishTests {
    private func finish(_ link: SimulatedLink, at second: Double = 5.25) async throws -> (Account, Duration) {
        let fixture = try LiveFixture(seconds: 60, links: [link])
        let account = try await fixture.run { session, clock in
            try await clock.sleep(untilSecond: second)
            await session.finish()
        }
        return (account, fixture.clock.now - (LiveFixture.base + .seconds(second)))
    }

    @Test(
        "the drain: at most what the service announces and the margin, or the session's own limits",
        arguments: [
            (SimulatedLink.Drain.orderly(after: .seconds(4)), 4.0), (.announcedOnly(seconds: 20), 25),
            (.announcedOnly(seconds: 0), 5), (.announcedOnly(seconds: -3), 5), (.announcedOnly(seconds: .nan), 3_605),
            (.closes, 0), (.silence, 12), (.chatter, 60),
        ])
    func drains(drain: SimulatedLink.Drain, seconds: Double) async throws {
        var link = SimulatedLink()
        link.drain = drain
        let (account, duration) = try await finish(link)
        #expect(account.imbalance == nil)
        #expect(account.gaps.isEmpty)
        #expect(account.error == nil)
        #expect(abs(duration.inSeconds - seconds) < 0.5)
    }

    @Test("a connection lost in the drain: everything went out, so nothing is thrown, and what may be missing is told")
    func brokenDrain() async throws {
        var link = SimulatedLink()
        link.drain = .breaks(after: .seconds(2))
        let (account, duration) = try await finish(link)
        #expect(duration == .seconds(2))
        expectInterrupted(account)
    }

    @Test("a connection lost after the last segment, before session.close went out")
    func brokenBeforeDrain() async throws {
        let script = ConnectionScript.wellBehaved().on(.segment(2), .end(ConnectionEnding(closeCode: 1006)))
        let fixture = try SessionFixture(script)
        let account = await Account(reading: try await fixture.session.start())
        #expect(account.sent.count == 2)
        expectInterrupted(account)
    }

    @Test("what the service refuses for good in the drain is thrown all the same")
    func refusedDrain() async throws {
        var link = SimulatedLink()
        link.drain = .breaks(after: .seconds(2))
        link.lastWords = ServiceError(code: .quotaExhausted, message: "No more.")
        let (account, _) = try await finish(link)
        #expect(account.error?.code == .connection)
        #expect(account.imbalance == nil)
    }

    private func expectInterrupted(_ account: Account) {
        #expect(account.error == nil)
        #expect(account.imbalance == nil)
        #expect(account.gaps.isEmpty)
        guard case .drainInterrupted(let error) = account.summary?.completion else {
            Issue.record("it ended with \(String(describing: account.summary?.completion))")
            return
        }
        #expect(error.code == .connection)
        let warnings = account.events.compactMap { event in
            if case .warning(.drainInterrupted(let error)) = event.kind { error.code } else { nil }
        }
        #expect(warnings == [.connection])
    }

    @Test("a network that takes nothing: the flush ends after its limit, and the rest is told")
    func stall() async throws {
        var link = SimulatedLink()
        link.stallsAfterBytes = 3_000
        let signal = ServerMessage.Body.signalDetected([SignalObservation(type: .interest, start: 0)])
        link.messages = [1: [ServerMessage(scripted: signal)]]
        let (account, duration) = try await finish(link)
        #expect(duration == .seconds(30))
        // The connection that was given up ends for the reader as well, and so does what lasted on it.
        #expect(
            account.names.filter { ["connected", "signalCompleted", "disconnected", "ended"].contains($0) }
                == ["connected", "signalCompleted", "disconnected", "ended"])
        #expect(account.imbalance == nil)
        #expect(account.gaps.contains { $0.cause == .sessionEnded })
    }

    @Test("a network that crawls: however it progresses, the flush ends in time")
    func crawl() async throws {
        var link = SimulatedLink()
        link.bytesPerSecond = 70
        let (account, duration) = try await finish(link, at: 10)
        #expect(duration <= .seconds(120))
        #expect(account.imbalance == nil)
    }

    @Test("a session that was let go leaves nothing: no task, no sleeper, no open connection")
    func nothingLeft() async throws {
        let fixture = try LiveFixture(seconds: 60)
        _ = try await fixture.run { session, clock in
            try await clock.sleep(untilSecond: 3.3)
            await session.finish()
            await session.finish()
            await session.cancel()
        }
        #expect(fixture.executor.runUntilIdle() == 0)
        #expect(fixture.clock.deadlines.isEmpty)
        #expect(fixture.connector.connections.allSatisfy { $0.isClosedByClient })
    }
}
