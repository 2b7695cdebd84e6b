import InterhumanCore
import InterhumanSession
import InterhumanTesting
import Testing

/// The service's seconds on the session's timeline, and every message exactly once.
@Suite(.timeLimit(.minutes(1)))
struct SessionTimelineTests {
    @Test("times count from the first media that was sent, and have a date")
    func instants() async throws {
        let signal = SignalObservation(type: .stress, start: 0.5, end: 2.5)
        let base = SessionFixture.base - .seconds(4)
        let fixture = try SessionFixture(
            ConnectionScript.wellBehaved()
                .on(.segment(1), .send(ServerMessage(scripted: .signalDetected([signal])))),
            video: ArrayVideoSource(count: 90, base: base), audio: ArrayAudioSource(count: 150, base: base))
        let account = await Account(reading: try await fixture.session.start())
        let signals = account.events.compactMap { event -> [Timed<SignalObservation>]? in
            if case .signalDetected(let signals) = event.kind { signals } else { nil }
        }
        let found = try #require(signals.first?.first)
        #expect(found.type == .stress)
        #expect(found.value.start == 0.5)
        #expect(found.start?.sessionSeconds == 0.5)
        #expect(found.end?.sessionSeconds == 2.5)
        // The clock stood at 1000 s when media from 996 s on came in.
        #expect(found.start?.wallClock == WallClockTime(nanosecondsSince1970: 1_699_999_996_500_000_000))
    }

    @Test("where the first segment could not be sent, the service's 0 is the first one that was")
    func anchoredAtFirstSent() async throws {
        var ready = SessionReady()
        ready.maxSegmentSizeBytes = 9 * 50 + PassthroughSegmentEncoderFactory.header.count
        let engagement = EngagementUpdate(state: .engaged, start: 1)
        let format = VideoFormat(width: 16, height: 16, pixelFormat: .gray8)
        let storage = OwnedVideoStorage(planes: [([UInt8](repeating: 128, count: 256), 16)])
        let times = (0..<100).map { Double($0) / 50 } + [3, 3.5]
        let frames = times.map {
            VideoFrame(format: format, captureTime: SessionFixture.base + .seconds($0), storage: storage)
        }
        let fixture = try SessionFixture(
            ConnectionScript.wellBehaved(ready: ready)
                .on(.segment(1), .send(ServerMessage(scripted: .engagementUpdated(engagement)))),
            video: ArrayVideoSource(frames), audio: nil,
            encoders: PassthroughSegmentEncoderFactory(segmentDuration: .seconds(3)))
        let account = await Account(reading: try await fixture.session.start())
        let found = account.events.compactMap { event -> Timed<EngagementUpdate>? in
            if case .engagement(let update) = event.kind { update } else { nil }
        }
        #expect(found.first?.start?.serverSeconds == 1)
        #expect(found.first?.start?.sessionSeconds == 4)
    }

    @Test("a time beyond all clocks is kept", arguments: [1e300, -1e300])
    func absurdTime(seconds: Double) async throws {
        let fixture = try SessionFixture(
            ConnectionScript.wellBehaved()
                .on(
                    .segment(1),
                    .send(ServerMessage(scripted: .signalEnded(SignalEnd(type: .tension, end: seconds))))))
        let account = await Account(reading: try await fixture.session.start())
        let ends = account.events.compactMap { event -> Timed<SignalEnd>? in
            if case .signalEnded(let end) = event.kind { end } else { nil }
        }
        #expect(ends.first?.end?.serverSeconds == seconds)
    }

    @Test("every message comes exactly once, with its JSON, and under its own kind")
    func everyMessage() async throws {
        let scores = ConversationQuality(
            qualityIndex: 60, clarity: 50, authority: 50, energy: 70, rapport: 50, learning: 50)
        let signal = SignalObservation(type: .interest, start: 0)
        let bodies: [(ServerMessage.Body, String)] = [
            (.signalDetected([signal, signal]), "signalDetected"), (.signalUpdated(signal), "signalUpdated"),
            (.signalEnded(SignalEnd(type: .interest, end: 1)), "signalEnded"),
            (.engagementUpdated(EngagementUpdate(state: .neutral, start: 0)), "engagement"),
            (.conversationQualityUpdated(ConversationQualityUpdate(overall: scores)), "conversationQuality"),
            (.feedbackGenerated(Feedback(text: "Go on.")), "feedback"),
            (.coverageDropped(Coverage(ranges: [CoverageRange(start: 0, end: 1)])), "coverageDropped"),
            (
                .coverageDegraded(Coverage(ranges: [CoverageRange(start: 0, end: 1)], reason: "video_gap")),
                "coverageDegraded"
            ),
            (.error(ServiceError(code: .badConfiguration, message: "No.")), "serviceError"),
            (.unknown(reason: "a new type"), "unknownMessage"),
            (.sessionUpdated(SessionUpdated(include: [])), "configured"),
        ]
        var script = ConnectionScript.wellBehaved()
        for (number, (body, _)) in bodies.enumerated() {
            script = script.on(.segment(1), .send(ServerMessage(scripted: body, rawJSON: #"{"number":\#(number)}"#)))
        }
        let account = await Account(reading: try await SessionFixture(script).session.start())
        let told = account.events.filter { $0.message?.rawJSON.contains("number") == true }
        #expect(told.compactMap(\.message?.rawJSON) == bodies.indices.map { #"{"number":\#($0)}"# })
        #expect(told.map(\.name) == bodies.map(\.1))
    }
}
