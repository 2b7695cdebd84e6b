import InterhumanCore
import InterhumanSession
import InterhumanTesting
import Testing

/// Signals as intervals, over three generations of messages, lost connections and gaps.
@Suite(.timeLimit(.minutes(1)))
struct SignalTrackerTests {
    private func message(_ body: ServerMessage.Body, _ json: String? = nil) -> ServerMessage {
        ServerMessage(scripted: body, rawJSON: json)
    }

    private func detected(_ type: SignalType, _ start: Double, _ end: Double? = nil) -> ServerMessage {
        message(.signalDetected([SignalObservation(type: type, start: start, end: end, probability: .low)]))
    }

    /// The signals that the session told as complete: type, start, end, in the session's seconds.
    private func intervals(_ account: Account) -> [SignalInterval] {
        account.events.compactMap { if case .signalCompleted(let interval) = $0.kind { interval } else { nil } }
    }

    private func link(_ messages: [Int: [ServerMessage]], breaksAfter second: Double? = nil) -> SimulatedLink {
        var link = SimulatedLink()
        link.messages = messages
        link.answersSegments = false
        link.endsAfter = second.map { .seconds($0) }
        return link
    }

    @Test("today's messages: detected, updated, ended; the end of media ends what lasts")
    func today() async throws {
        let updated = message(
            .signalUpdated(SignalObservation(type: .stress, start: 1, probability: .high, rationale: "Louder.")))
        let fixture = try LiveFixture(
            seconds: 12,
            links: [
                link([
                    2: [detected(.stress, 1), detected(.interest, 1.5)], 4: [updated],
                    6: [message(.signalEnded(SignalEnd(type: .stress, end: 5)))],
                ])
            ])
        let account = try await fixture.run()
        let found = intervals(account)
        #expect(found.map(\.type) == [.stress, .interest])
        #expect(found.map(\.start.sessionSeconds) == [1, 1.5])
        #expect(found[0].end?.sessionSeconds == 5)
        #expect(found[0].probability == .high)
        #expect(found[0].rationale == "Louder.")
        #expect(found[0].ending == .told)
        #expect(found[1].ending == .mediaEnded)
        #expect(found[1].end?.sessionSeconds == account.sent.last?.sessionEnd)
        #expect(account.events.last?.name == "ended")
        let history = await fixture.session.history
        #expect(history.signals == found)
        #expect(history.activeSignals.isEmpty)
        #expect(history.signals(of: .stress, in: 4...4.5).count == 1)
        #expect(history.signals(of: .stress, in: 6...7).isEmpty)
    }

    @Test("flat messages with an end are intervals at once")
    func flat() async throws {
        let fixture = try LiveFixture(seconds: 6, links: [link([3: [detected(.confusion, 0.5, 2.5)]])])
        let found = intervals(try await fixture.run())
        #expect(found.map(\.end?.sessionSeconds) == [2.5])
        #expect(found.map(\.ending) == [.told])
    }

    @Test("the oldest messages count within the segment that was sent last")
    func oldest() async throws {
        var old = link([:])
        old.ready = nil
        old.drain = .silence
        let messages = [
            message(
                .signalDetected([SignalObservation(type: .confusion, start: 0.25, end: 0.75)]),
                #"{"type":"signal.detected","data":{"signals":[{"type":"confusion","start":0.25,"end":0.75}]}}"#),
            message(.engagementUpdated(EngagementUpdate(state: .engaged, start: 0, end: 1))),
        ]
        let fixture = try LiveFixture(seconds: 6, links: [old])
        let connector = fixture.connector
        let account = try await fixture.run { _, clock in
            try await clock.sleep(untilSecond: 3.5)
            for message in messages { connector.connections.first?.deliver(message) }
        }
        let third = try #require(account.sent.first { $0.number == 2 })
        let found = intervals(account)
        #expect(found.map(\.start.sessionSeconds) == [third.sessionStart + 0.25])
        #expect(found.map(\.end?.sessionSeconds) == [third.sessionStart + 0.75])
        let engagement = account.events.compactMap { event -> Double? in
            if case .engagement(let update) = event.kind { update.start?.sessionSeconds } else { nil }
        }
        #expect(engagement == [third.sessionStart])
    }

    @Test("a lost connection ends its signals where its media ended; the next counts from its own first media")
    func overConnections() async throws {
        let fixture = try LiveFixture(
            seconds: 20,
            links: [link([2: [detected(.stress, 0.5)]], breaksAfter: 5.5), link([2: [detected(.stress, 0.5)]])])
        let account = try await fixture.run()
        let found = intervals(account)
        let last = try #require(account.sent.last { $0.connection == 1 })
        let first = try #require(account.sent.first { $0.connection == 2 })
        #expect(found.map(\.connection) == [1, 2])
        #expect(found[0].end?.sessionSeconds == last.sessionEnd)
        #expect(found[1].start.sessionSeconds == first.sessionStart + 0.5)
        #expect(found[0].start.sessionSeconds < found[1].start.sessionSeconds)
        #expect(account.imbalance == nil)
    }

    @Test("nonsense keeps its form: an end before the beginning, an end without one, a beginning twice")
    func nonsense() async throws {
        let fixture = try LiveFixture(
            seconds: 8,
            links: [
                link([
                    2: [message(.signalEnded(SignalEnd(type: .tension, end: 1)))],
                    3: [detected(.stress, 2), message(.signalEnded(SignalEnd(type: .stress, end: 1)))],
                    4: [detected(.interest, 1), detected(.interest, 3)],
                    5: [message(.signalUpdated(SignalObservation(type: .agreement, start: 4)))],
                ])
            ])
        let found = intervals(try await fixture.run())
        #expect(found.map(\.type) == [.stress, .interest, .agreement, .interest])
        #expect(found.allSatisfy { ($0.end?.sessionSeconds ?? -1) >= $0.start.sessionSeconds })
        #expect(found.map(\.ending) == [.told, .replaced, .mediaEnded, .mediaEnded])
    }

    @Test("the history is bounded, and says what it let go")
    func bounded() async throws {
        let many = (0..<50).map { detected(.stress, Double($0) / 100, Double($0) / 100 + 0.01) }
        let fixture = try LiveFixture(seconds: 6, links: [link([3: many])]) { $0.historyCapacity = 8 }
        _ = try await fixture.run()
        let history = await fixture.session.history
        #expect(history.signals.count == 8)
        #expect(history.droppedCount == 42)
        #expect(history.signals.last?.start.sessionSeconds == 0.49)
    }

    @Test("attention at an instant")
    func engagement() async throws {
        let fixture = try LiveFixture(
            seconds: 10,
            links: [
                link([
                    3: [message(.engagementUpdated(EngagementUpdate(state: .engaged, start: 1)))],
                    6: [message(.engagementUpdated(EngagementUpdate(state: .neutral, start: 4, end: 5)))],
                ])
            ])
        _ = try await fixture.run()
        let history = await fixture.session.history
        #expect(history.engagement(at: 0.5) == nil)
        #expect(history.engagement(at: 2) == .engaged)
        #expect(history.engagement(at: 4.5) == .neutral)
    }
}
