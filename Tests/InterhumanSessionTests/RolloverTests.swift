import InterhumanCore
import InterhumanSession
import InterhumanTesting
import Testing

/// The service's time limit: a new connection takes over before it, at a segment's boundary, and nothing is lost.
@Suite(.timeLimit(.minutes(1)))
struct RolloverTests {
    private static func limited(to seconds: Double) -> SimulatedLink {
        var link = SimulatedLink()
        link.ready?.sessionMaxDurationSeconds = seconds
        link.endsAfter = .seconds(seconds)
        link.lastWords = ServiceError(code: .maximumDuration, message: "Over.")
        link.openingTime = .milliseconds(700)
        link.drain = .orderly(after: .milliseconds(1_500))
        return link
    }

    @Test("make before break: the old connection is drained while the new one takes media", arguments: [10.0, 25.0])
    func overlap(limit: Double) async throws {
        let fixture = try LiveFixture(seconds: 60, links: Array(repeating: Self.limited(to: limit), count: 20))
        let account = try await fixture.run()
        #expect(account.error == nil)
        #expect(account.gaps.isEmpty)
        #expect(account.imbalance == nil)
        let turns = account.names.filter { ["rolledOver", "reconnecting", "serviceError"].contains($0) }
        #expect(turns.count >= Int(60 / limit) - 1)
        #expect(turns.allSatisfy { $0 == "rolledOver" })
        let connections = fixture.connector.connections
        #expect(connections.allSatisfy { $0.received.last == .closeRequest })
        #expect(connections.allSatisfy { $0.segments.first?.includingHeader == true })
        // Results of an old connection still come, each in its place, while the new one is at work.
        let placed = account.events.compactMap { event -> Double? in
            if case .engagement(let update) = event.kind { update.start?.sessionSeconds } else { nil }
        }
        #expect(placed.sorted() == account.sent.map(\.sessionStart))
    }

    @Test("a service that says late how long the connection may last is left in time all the same")
    func lateReady() async throws {
        var late = Self.limited(to: 10)
        late.messages[3] = late.ready.map { [ServerMessage(scripted: .sessionReady($0))] } ?? []
        late.ready = nil
        let fixture = try LiveFixture(seconds: 20, links: [late])
        let account = try await fixture.run()
        #expect(account.error == nil)
        #expect(account.imbalance == nil)
        #expect(account.names.contains("rolledOver"))
        #expect(!account.names.contains("reconnecting"))
    }

    @Test("where one session is allowed, the old one is drained first, from then on")
    func drainFirst() async throws {
        var refused = SimulatedLink()
        refused.opening = .refuses(
            ConnectionError(
                .refused, operation: "connect", message: "One only.", httpStatus: 429,
                serviceError: ServiceError(code: .concurrencyLimit, message: "One only.")))
        let limited = Self.limited(to: 10)
        let fixture = try LiveFixture(seconds: 40, links: [limited, refused, limited, limited, limited, limited])
        let account = try await fixture.run()
        #expect(account.error == nil)
        #expect(account.gaps.isEmpty)
        #expect(account.imbalance == nil)
        #expect(!account.names.contains("reconnecting"))
        // One refusal taught it.
        #expect(fixture.connector.attempts == fixture.connector.connections.count + 1)
        let ends = account.events.filter { $0.name == "disconnected" || $0.name == "connected" }.map(\.name)
        #expect(ends == (0..<fixture.connector.connections.count).flatMap { _ in ["connected", "disconnected"] })
    }

    @Test("drain first, by configuration")
    func configured() async throws {
        let fixture = try LiveFixture(seconds: 30, links: Array(repeating: Self.limited(to: 10), count: 10)) {
            $0.rollover.order = .drainFirst
        }
        let account = try await fixture.run()
        #expect(account.error == nil)
        #expect(account.imbalance == nil)
        #expect(account.gaps.isEmpty)
        #expect(!account.names.contains("rolledOver"))
        #expect(fixture.connector.connections.count >= 3)
    }

    @Test("a successor that can't be opened is warned of, and the old connection goes on until its end")
    func delayed() async throws {
        var refused = SimulatedLink()
        refused.opening = .refuses(ConnectionError(.unreachable, operation: "connect", message: "No."))
        let fixture = try LiveFixture(
            seconds: 30, links: [Self.limited(to: 20), refused, refused, SimulatedLink()])
        let account = try await fixture.run()
        #expect(account.error == nil)
        #expect(account.gaps.isEmpty)
        #expect(account.imbalance == nil)
        #expect(account.names.filter { $0 == "warning" }.count == 2)
        #expect(account.names.contains("rolledOver"))
    }
}
