import InterhumanCore
import InterhumanSession
import InterhumanTesting
import MeetingCoach
import Testing

/// Whole sessions without camera, key or network: a script plays the service.
@Suite(.timeLimit(.minutes(1))) struct MeetingCoachTests {
    /// The hints of a session whose service says these messages, one after each segment.
    private func hints(_ messages: [ServerMessage.Body]) async throws -> [MeetingCoach.Hint] {
        var script = ConnectionScript.wellBehaved()
        for (index, message) in messages.enumerated() {
            script = script.on(.segment(index + 1), .send(ServerMessage(scripted: message)))
        }
        let session = StreamSession(
            configuration: StreamSession.Configuration(
                credentials: StaticCredential(Credential("test")),
                endpoint: try ServiceEndpoint(baseURL: "wss://service.example")),
            video: ArrayVideoSource(count: 90 * messages.count), audio: ArrayAudioSource(count: 150 * messages.count),
            encoderFactory: PassthroughSegmentEncoderFactory(), connector: ScriptedConnector([.accept(script)]))
        var hints: [MeetingCoach.Hint] = []
        try await MeetingCoach.follow(session) { hints.append($0) }
        return hints
    }

    private func engagement(_ state: EngagementState) -> ServerMessage.Body {
        .engagementUpdated(EngagementUpdate(state: state, start: 0))
    }

    @Test func saysOnceThatTheyDriftOffAndOnceThatTheyAreBack() async throws {
        let told = try await hints([
            engagement(.engaged), engagement(.disengaged), engagement(.disengaged), engagement(.engaged),
        ])
        #expect(told == [.askAQuestion, .goOn])
    }

    @Test func passesOnWhyTheyHesitate() async throws {
        let signal = SignalObservation(type: .hesitation, start: 1, probability: .high, rationale: "A long pause.")
        #expect(try await hints([.signalDetected([signal])]) == [.explain(rationale: "A long pause.")])
    }

    @Test func saysNothingOfASessionInWhichNothingHappens() async throws {
        #expect(try await hints([engagement(.neutral)]).isEmpty)
    }
}
