import InterhumanCore
import InterhumanSession
import InterhumanTesting
import Testing

/// Pausing: what is discarded is told, what was captured before is sent, and the service's idle limit is respected.
@Suite(.timeLimit(.minutes(1)))
struct PauseTests {
    @Test("a live source is discarded and told; before and after is sent, under one timeline")
    func live() async throws {
        let fixture = try LiveFixture(seconds: 20)
        let account = try await fixture.run { session, clock in
            try await clock.sleep(untilSecond: 5.55)
            await session.pause()
            await session.pause()
            try await clock.sleep(untilSecond: 12.25)
            await session.resume()
            await session.resume()
        }
        #expect(account.error == nil)
        #expect(account.imbalance == nil)
        #expect(account.gaps.map(\.cause) == [.paused])
        let gap = try #require(account.gaps.first)
        #expect(abs(gap.sessionStart - 5.55) < 0.15)
        #expect(abs(gap.sessionEnd - 12.25) < 0.15)
        #expect(account.names.filter { $0 == "paused" || $0 == "resumed" } == ["paused", "resumed"])
        #expect(fixture.connector.connections.count == 1)
        // The second encoder's container begins with its header, and its times run on.
        #expect(fixture.encoders.encoders.map(\.epoch) == [LiveFixture.base, LiveFixture.base])
        let headers = fixture.connector.connections[0].segments.filter(\.includingHeader).map(\.segment.index)
        #expect(headers == [0, 0])
    }

    @Test("a source that can wait waits, and loses nothing")
    func file() async throws {
        let fixture = try LiveFixture(seconds: 20, isLive: false, links: [slowLink])
        let account = try await fixture.run { session, clock in
            try await clock.sleep(untilSecond: 1)
            await session.pause()
            try await clock.sleep(untilSecond: 100)
            await session.resume()
        }
        #expect(account.error == nil)
        #expect(account.gaps.isEmpty)
        #expect(account.imbalance == nil)
        #expect(account.sent.last?.sessionEnd ?? 0 >= 19.9)
    }

    private var slowLink: SimulatedLink {
        var link = SimulatedLink()
        link.bytesPerSecond = 2_000
        return link
    }

    @Test("before the service's idle limit the connection is ended in order; resuming opens another one")
    func idleLimit() async throws {
        var link = SimulatedLink()
        link.ready?.sessionIdleTimeoutSeconds = 10
        let fixture = try LiveFixture(seconds: 40, links: [link])
        let account = try await fixture.run { session, clock in
            try await clock.sleep(untilSecond: 5)
            await session.pause()
            try await clock.sleep(untilSecond: 30)
            await session.resume()
        }
        #expect(account.error == nil)
        #expect(account.imbalance == nil)
        #expect(fixture.connector.connections.count == 2)
        #expect(fixture.connector.connections[0].received.last == .closeRequest)
        #expect(!account.names.contains("reconnecting"))
        let end = account.events.first { $0.name == "disconnected" }
        #expect(end.map { $0.wallClock.secondsSince1970 - 1_700_000_000 } ?? 0 < 15)
    }

    @Test("finish() while paused sends what was captured before, and drains")
    func finishWhilePaused() async throws {
        let fixture = try LiveFixture(seconds: 40)
        let account = try await fixture.run { session, clock in
            try await clock.sleep(untilSecond: 5)
            await session.pause()
            try await clock.sleep(untilSecond: 8)
            await session.finish()
        }
        #expect(account.error == nil)
        #expect(account.imbalance == nil)
        #expect(account.sent.last?.sessionEnd ?? 0 > 4.5)
        #expect(account.names.suffix(3) == ["sessionEnded", "disconnected", "ended"])
    }

    @Test("a connection that is lost while paused is replaced only when it is needed")
    func lostWhilePaused() async throws {
        var link = SimulatedLink()
        link.endsAfter = .seconds(8)
        let fixture = try LiveFixture(seconds: 40, links: [link])
        let account = try await fixture.run { session, clock in
            try await clock.sleep(untilSecond: 5)
            await session.pause()
            try await clock.sleep(untilSecond: 30)
            #expect(fixture.connector.attempts == 1)
            await session.resume()
        }
        #expect(account.error == nil)
        #expect(account.imbalance == nil)
        #expect(fixture.connector.connections.count == 2)
    }
}
