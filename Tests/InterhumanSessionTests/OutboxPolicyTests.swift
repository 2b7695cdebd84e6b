import InterhumanCore
import InterhumanSession
import InterhumanTesting
import Testing

/// A network that is slower than a live source: what goes, what stays, and that it is told.
@Suite(.timeLimit(.minutes(1)))
struct OutboxPolicyTests {
    /// A link that takes a third of what a second of media has.
    private var slow: SimulatedLink {
        var link = SimulatedLink()
        link.bytesPerSecond = 600
        return link
    }

    private func run(_ whenFull: OutboxLimits.WhenFull, age: Duration? = nil) async throws -> Account {
        let fixture = try LiveFixture(seconds: 30, links: [slow]) {
            $0.outbox = OutboxLimits(maximumSegments: 4, maximumAge: age)
            $0.outbox.whenFull = whenFull
        }
        return try await fixture.run()
    }

    @Test("drop the oldest: what is sent is never far behind, every loss is told with its range")
    func dropOldest() async throws {
        let account = try await run(.dropOldest)
        #expect(account.error == nil)
        #expect(account.imbalance == nil)
        #expect(account.gaps.count > 10)
        #expect(account.gaps.allSatisfy { $0.cause == .outboxFull && !$0.segments.isEmpty })
        #expect(account.sent.last?.sessionEnd ?? 0 > 29)
    }

    @Test("by age: nothing older than allowed is sent")
    func age() async throws {
        let account = try await run(.dropOldest, age: .seconds(2))
        #expect(account.imbalance == nil)
        #expect(account.gaps.contains { $0.cause == .outboxTooOld })
    }

    @Test("stop capturing: what was captured first is kept, the rest is discarded before it is encoded")
    func stopCapturing() async throws {
        let account = try await run(.stopCapturing)
        #expect(account.error == nil)
        #expect(account.imbalance == nil)
        #expect(account.gaps.count > 1)
        #expect(account.gaps.allSatisfy { $0.cause == .outboxFull && $0.segments.isEmpty })
        #expect(account.sent.prefix(5).map(\.sessionStart) == [0, 1, 2, 3, 4])
    }

    @Test("fail: the session ends and says why")
    func fail() async throws {
        let account = try await run(.fail)
        #expect(account.error?.code == .outboxFull)
        #expect(account.imbalance == nil)
        #expect(account.gaps.contains { $0.cause == .sessionEnded })
    }
}
