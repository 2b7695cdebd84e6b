import InterhumanCore
import InterhumanSession
import SessionReport
import Testing

/// What a timeline makes of a session's events.
@Suite struct TimelineTests {
    @Test func findingsStandWhereTheyWereFound() throws {
        let timeline = Events.timeline([
            Events.event(.capturing(CaptureDescription(video: "camera", audio: nil)), at: 0.2),
            Events.event(.segmentSent(Events.segment(0)), at: 3.1),
            Events.event(.segmentSent(Events.segment(1)), at: 6.1),
            Events.event(.signalCompleted(Events.interval(.confusion, 1, 4, rationale: "A frown.")), at: 6.5),
            Events.event(
                .signalDetected([Timed(SignalObservation(type: .stress, start: 2), start: Events.instant(2))]), at: 6.6),
            Events.event(
                .engagement(Timed(EngagementUpdate(state: .neutral, start: 0), start: Events.instant(0))), at: 6.7),
            Events.event(
                .engagement(Timed(EngagementUpdate(state: .engaged, start: 3), start: Events.instant(3))), at: 6.8),
        ])
        #expect(timeline.duration == 6)
        let confusion = try #require(timeline.signals.first { $0.type == "confusion" })
        #expect(confusion.start == 1 && confusion.end == 4 && !confusion.lasts && confusion.rationale == "A frown.")
        let stress = try #require(timeline.signals.first { $0.type == "stress" })
        #expect(stress.start == 2 && stress.end == 6 && stress.lasts)
        #expect(timeline.engagement.map(\.start) == [0, 3] && timeline.engagement.map(\.end) == [3, 6])
        #expect(timeline.sources == ["camera"])
    }

    /// An outage has no media time: the wall clock places it, on the session's 0 that the service's times give.
    @Test func outagesStandOnTheSameTimeline() throws {
        let timeline = Events.timeline([
            Events.event(.connected(correlationID: "a"), at: -0.5),
            Events.event(.capturing(CaptureDescription(video: nil, audio: nil)), at: -0.1),
            Events.event(.segmentSent(Events.segment(0)), at: 3.1),
            Events.event(.reconnecting(Reconnecting(attempt: 1, delay: .seconds(1), cause: Events.lost)), at: 5),
            Events.event(.reconnecting(Reconnecting(attempt: 2, delay: .seconds(2), cause: Events.lost)), at: 6),
            Events.event(.reconnected(Reconnected(attempts: 2, outage: .seconds(4))), at: 9),
            Events.event(.signalCompleted(Events.interval(.stress, 1, 2)), at: 9.5),
            Events.event(.segmentSent(Events.segment(1)), at: 9.6),
            Events.event(.segmentSent(Events.segment(2)), at: 9.7),
            Events.event(.segmentSent(Events.segment(3)), at: 12.1),
        ])
        let outage = try #require(timeline.stretches.first)
        #expect(timeline.stretches.count == 1 && outage.kind == .outage)
        #expect(abs(outage.start - 5) < 1e-6 && abs(outage.end - 9) < 1e-6)
        #expect(outage.text == "The connection was lost.; 2 attempts")
        #expect(timeline.connections.first?.start == 0)
    }

    @Test func touchingGapsOfACauseAreOne() {
        let timeline = Events.timeline([
            Events.event(.gap(Events.gap(0, 3, .outboxFull)), at: 4),
            Events.event(.gap(Events.gap(3, 6, .outboxFull)), at: 7),
            Events.event(.gap(Events.gap(6, 9, .paused)), at: 10),
        ])
        #expect(timeline.stretches.map(\.start) == [0, 6] && timeline.stretches.map(\.end) == [6, 9])
    }

    @Test func theServicesNumbersAreNotTrusted() {
        let timeline = Events.timeline([
            Events.event(.segmentSent(Events.segment(0)), at: 3),
            Events.event(.signalCompleted(Events.interval(.stress, -1e300, .infinity)), at: 4),
            Events.event(
                .conversationQuality(
                    overall: Events.scores(.nan),
                    timeline: [
                        Timed(
                            ConversationQualityInterval(start: 0, end: 1, values: Events.scores(1e9)),
                            start: Events.instant(0), end: Events.instant(1e12))
                    ]), at: 5),
        ])
        #expect(timeline.duration < 100)
        #expect(timeline.signals.allSatisfy { $0.start >= 0 && $0.start.isFinite && $0.end.isFinite })
        #expect(timeline.quality.map(\.scores.qualityIndex) == [100])
        #expect(timeline.overallQuality?.qualityIndex == 50)
    }

    /// Eight hours with more of everything than any service sends.
    @Test func longSessionsAreBoundedAndSaySo() {
        var accumulator = TimelineAccumulator(service: Events.local)
        for number in 0..<9_600 {
            let start = Double(number) * 3
            accumulator.take(Events.event(.segmentSent(Events.segment(number)), at: start + 3))
            accumulator.pictures.append([UInt8](repeating: 7, count: 8_000), at: start)
            let rationale =
                "Speech with movement, measured over eight seconds. " + String(repeating: "More. ", count: 8)
            let length = number == 4_800 ? 600.0 : 2.0
            accumulator.take(
                Events.event(
                    .signalCompleted(Events.interval(.interest, start, start + length, rationale: rationale)), at: start
                ))
            accumulator.take(
                Events.event(
                    .engagement(
                        Timed(
                            EngagementUpdate(state: number.isMultiple(of: 2) ? .engaged : .neutral, start: start),
                            start: Events.instant(start))), at: start))
            accumulator.take(
                Events.event(
                    .conversationQuality(
                        overall: nil,
                        timeline: [
                            Timed(
                                ConversationQualityInterval(start: start, end: start + 3, values: Events.scores(60)),
                                start: Events.instant(start), end: Events.instant(start + 3))
                        ]), at: start))
            accumulator.take(Events.event(.gap(Events.gap(start, start + 1, .outboxFull)), at: start))
            accumulator.take(Events.event(.warning(.finishTimedOut), at: start))
        }
        let timeline = accumulator.timeline
        #expect(timeline.signals.count <= 1_875 && timeline.engagement.count <= 750 && timeline.notes.count <= 375)
        #expect(timeline.quality.count <= 240 && timeline.pictures.count <= 60)
        #expect(timeline.signals.contains { $0.end - $0.start == 600 }, "the longest is kept")
        #expect(timeline.quality.first?.start == 0 && timeline.quality.last?.end == 28_800)
        let lengths = timeline.quality.dropLast().map { $0.end - $0.start }
        #expect(lengths.min() == lengths.max(), "the curve is as fine everywhere: \(lengths)")
        let scores = timeline.quality.map(\.scores.energy)
        #expect(scores.allSatisfy { abs($0 - 60) < 1e-9 })
        let html = ReportPage(timeline).html
        #expect(html.utf8.count < 4_000_000)
        #expect(html.contains("Left out or merged"))
        #expect(html.contains("of the shortest signals"))
    }

    @Test(arguments: [0.5, 1.0, 3.0, 10.0]) func picturesThinOut(spacing: Double) {
        var accumulator = TimelineAccumulator(service: Events.local)
        var last = 0.0
        for number in 0..<5_000 {
            last = Double(number) * spacing
            accumulator.pictures.append([1], at: last)
        }
        accumulator.take(Events.event(.segmentSent(Events.segment(0, length: last)), at: last))
        let times = accumulator.timeline.pictures.map(\.time)
        #expect(times.first == 0 && (24...60).contains(times.count))
        let steps = zip(times.dropFirst(), times).map { $0 - $1 }
        let (least, most) = (steps.min() ?? 0, steps.max() ?? .infinity)
        #expect(most <= 2.1 * least, "they lie evenly: \(steps)")
    }

    @Test(arguments: [
        (
            "wss://user:secret@api.interhuman.ai/v1?key=secret#secret", "wss://api.interhuman.ai/v1",
            "Interhuman's service."
        ),
        ("ws://127.0.0.1:1/", "ws://127.0.0.1:1/", "not Interhuman's models"),
        ("ws://[::1]:1/", "ws://[::1]:1/", "not Interhuman's models"),
        ("wss://interhuman.ai.example.com/", "wss://interhuman.ai.example.com/", "an address of its own"),
        ("wss://evilinterhuman.ai/", "wss://evilinterhuman.ai/", "an address of its own"),
    ])
    func theServiceIsNamedWithoutSecrets(given: String, url: String, account: String) {
        let service = ServiceIdentity(url: given, version: "v1")
        #expect(service.url == url)
        #expect(service.account.contains(account))
    }
}
