import InterhumanCore
import InterhumanLocalService
import InterhumanWire
import Testing

@Suite("Older generations of the messages", .timeLimit(.minutes(2)))
struct DialectTests {
    /// What the service says to a session up to its third window.
    private func messages(_ dialect: EnvelopeDialect, query: String? = nil) async throws -> [ServerMessage] {
        let service = try await LocalService.start(
            LocalServiceConfiguration(dialect: query == nil ? dialect : .current))
        let client = try await ServiceClient(service, query: query)
        try await client.connection.send(SessionConfiguration(goalDimensions: GoalDimension.known))
        // Ignored: these generations don't know it.
        try await client.connection.requestClose()
        try await client.send(try await EncodedMedia.lively.value)
        var messages: [ServerMessage] = []
        for _ in 0..<3 { messages += await client.messages(until: "engagement.updated") }
        await client.connection.close()
        await service.shutdown()
        return messages
    }

    private func signals(_ messages: [ServerMessage]) -> [[SignalObservation]] {
        messages.bodies.compactMap { if case .signalDetected(let signals) = $0 { signals } else { nil } }
    }

    @Test("A: an array of signals for each 3 s, times within them", arguments: [nil, "dialect=a"])
    func legacySegments(query: String?) async throws {
        let messages = try await messages(.legacySegments, query: query)
        #expect(
            Set(messages.types).isSubset(of: ["signal.detected", "engagement.updated", "conversation_quality.updated"]))
        let detections = signals(messages)
        #expect(detections.count >= 2)
        #expect(detections.contains { $0.count > 1 })
        #expect(detections.joined().allSatisfy { $0.start == 0 && $0.end == 3 && $0.rationale != nil })
        #expect(
            messages.filter { $0.type == "signal.detected" }.allSatisfy { $0.rawJSON.contains(#""signals":["#) })
        let engagements = messages.bodies.compactMap { body -> EngagementUpdate? in
            if case .engagementUpdated(let update) = body { update } else { nil }
        }
        #expect(engagements.count == 3)
        #expect(engagements.allSatisfy { $0.start == 0 && $0.end == 3 })
    }

    @Test("B: flat signals with an end, times over the session", arguments: [nil, "dialect=b"])
    func cumulative(query: String?) async throws {
        let messages = try await messages(.cumulative, query: query)
        #expect(!messages.types.contains { $0.hasPrefix("session.") || $0 == "signal.ended" })
        let detections = signals(messages)
        #expect(detections.allSatisfy { $0.count == 1 })
        #expect(detections.joined().allSatisfy { ($0.end ?? 0) - $0.start == 3 })
        #expect(Set(detections.joined().map(\.start)).isSuperset(of: [0, 3, 6]))
    }

    @Test("Letters name the generations")
    func letters() {
        #expect(EnvelopeDialect(generation: "A") == .legacySegments)
        #expect(EnvelopeDialect(generation: "b") == .cumulative)
        #expect(EnvelopeDialect(generation: "c") == .current)
        #expect(EnvelopeDialect(generation: "d") == nil)
    }
}
