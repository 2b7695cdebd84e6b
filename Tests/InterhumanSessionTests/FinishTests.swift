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

    @Test("a network that takes nothing: the flush ends after its limit, and the rest is told")
    func stall() async throws {
        var link = SimulatedLink()
        link.stallsAfterBytes = 3_000
        let (account, duration) = try await finish(link)
        #expect(duration == .seconds(30))
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
