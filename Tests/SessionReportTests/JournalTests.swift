import Foundation
import InterhumanCore
import InterhumanSession
import InterhumanWire
import SessionReport
import Testing

/// Events as lines of JSON and back.
@Suite struct JournalTests {
    private static let failure: SessionError = {
        var error = SessionError(.connection, operation: "connect", message: "No answer.")
        (error.underlying, error.correlationID) = ("ECONNREFUSED", "c-1")
        return error
    }()

    private static let summary: SessionSummary = {
        var summary = SessionSummary(completion: .failed(failure))
        summary.correlationID = "c-2"
        (summary.counts.bytesSent, summary.counts.timeSent, summary.peakQueuedSegments) = (7, .milliseconds(1_500), 3)
        return summary
    }()

    private static let own: [SessionEvent.Kind] = [
        .connected(correlationID: "c-1"), .connected(correlationID: nil), .disconnected(Disconnection(cause: failure)),
        .disconnected(Disconnection(completion: .quiet)),
        .reconnecting(Reconnecting(attempt: 2, delay: .milliseconds(1_234), cause: failure)),
        .reconnected(Reconnected(attempts: 2, outage: .seconds(5))), .paused, .resumed, .rolledOver(from: 1, to: 2),
        .ready(nil), .capturing(CaptureDescription(video: "camera", audio: nil)),
        .sourceLost(.audio, reason: "unplugged"),
        .sourceReturned(.audio), .segmentSent(Events.segment(4)), .gap(Events.gap(1, 2, .outboxFull)),
        .gap(Events.gap(1, 2, .largerThanServiceAllows(maximumBytes: 9))),
        .gap(Events.gap(1, 2, .sendingFailedRepeatedly(attempts: 3))), .gap(Events.gap(1, 2, .sessionEnded)),
        .adapted(Adaptation(from: 0, to: 1, level: AdaptationLevel(bitRate: 0.7, frameRate: 0.5, size: 0.66))),
        .recovered(segments: 2), .kept([Events.segment(1), Events.segment(2)]),
        .signalCompleted(Events.interval(.stress, 1.25, 2.5, rationale: "\u{202E}\"\\\n")),
        .signalCompleted(Events.interval(.stress, -.infinity, .infinity)), .eventsDropped(5),
        .warning(.unsupportedOption(field: "include", value: "x", supported: ["y", "z"])),
        .warning(.missingTrack(.audio)),
        .warning(.trackSilent(.video)),
        .warning(.captureFailed(CaptureError(.busy, operation: "open", message: "Busy.", underlying: "EBUSY"))),
        .warning(.encodeFailed(EncodeError(.library, operation: "encode", message: "Broken."))),
        .warning(.spoolFailed(SpoolError(.full, operation: "keep", message: "Full."))),
        .warning(.rolloverDelayed(failure)), .warning(.finishTimedOut), .warning(.drainInterrupted(failure)),
        .ended(summary), .ended(SessionSummary(completion: .sessionEnded(reason: "client_shutdown"))),
        .ended(SessionSummary(completion: .drainInterrupted(failure))), .ended(SessionSummary(completion: .cancelled)),
    ]

    private func described(_ event: SessionEvent) -> String {
        "\(event)"
    }

    @Test func theSessionsOwnEventsComeBack() throws {
        for kind in Self.own {
            let event = Events.event(kind, at: 1.5, connection: 3)
            let line = try #require(try SessionJournal.line(for: event), "\(kind)")
            #expect(!line.contains(UInt8(ascii: "\n")))
            let back = try #require(SessionJournal.event(line), "\(String(decoding: line, as: UTF8.self))")
            #expect(described(back) == described(event))
        }
    }

    /// A message is read again from its text, and lies where it lay: to the nanosecond.
    @Test func messagesComeBackWithTheirTimes() throws {
        let text = """
            {"type":"signal.detected","data":{"signal_type":"stress","start":4.123456789,"probability":"low","x":1}}
            """
        let message = try EnvelopeDecoder().decode(text)
        guard case .signalDetected(let signals) = message.body else { throw CancellationError() }
        let start = SessionInstant(
            serverSeconds: signals[0].start, sessionSeconds: 64.123_456_789, wallClock: Events.at(64.123_456_789))
        let event = SessionEvent(
            .signalDetected([Timed(signals[0], start: start)]), message: message, connection: 2,
            wallClock: Events.at(70))
        let line = try #require(try SessionJournal.line(for: event))
        let back = try #require(SessionJournal.event(line))
        #expect(described(back) == described(event))
        #expect(back.message?.rawJSON == text)
    }

    @Test func textThatIsNoJSONComesBack() throws {
        let text = "no { JSON\n"
        let reason = try #require(
            #expect(throws: EnvelopeError.self) { try EnvelopeDecoder().decode(text) }?.message)
        let event = SessionEvent(
            .unknownMessage(reason: reason),
            message: ServerMessage(type: "", body: .unknown(reason: reason), rawJSON: text), connection: 1,
            wallClock: Events.at(1))
        let back = try #require(try SessionJournal.line(for: event).flatMap(SessionJournal.event))
        #expect(described(back) == described(event))
    }

    /// Whatever happened to a line, it is an event or nothing.
    @Test func damagedLinesDoNoHarm() throws {
        var random = SplitMix64(seed: 7)
        var accumulator = TimelineAccumulator(service: Events.local)
        var survivors = 0
        for kind in Self.own {
            let line = try #require(try SessionJournal.line(for: Events.event(kind, at: 1)))
            for _ in 0..<40 {
                var damaged = Array(line)
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    damaged[Int.random(in: 0..<damaged.count, using: &random)] =
                        "0123456789-e\"{}[]:,x".utf8.randomElement(using: &random) ?? 0
                }
                if Bool.random(using: &random) { damaged.removeLast(Int.random(in: 0..<damaged.count, using: &random)) }
                guard let event = SessionJournal.event(Data(damaged)) else { continue }
                survivors += 1
                accumulator.take(event)
            }
        }
        #expect(survivors > 0)
        #expect(ReportPage(accumulator.timeline).html.utf8.count < 1_000_000)
    }

    /// A figure of a journal may be any number: it becomes one that a timeline can hold.
    @Test(arguments: ["1e19", "-1e19", "1e300", "-1e300", #""inf""#, #""-inf""#, #""nan""#])
    func timesBeyondAllMeasureAreTaken(figure: String) throws {
        var accumulator = TimelineAccumulator(service: Events.local)
        for kind in [
            SessionEvent.Kind.segmentSent(Events.segment(4)), .gap(Events.gap(12, 15, .outboxFull)),
            .kept([Events.segment(4)]),
        ] {
            let line = String(
                decoding: try #require(try SessionJournal.line(for: Events.event(kind, at: 1))), as: UTF8.self)
            for time in [#""start":12"#, #""end":15"#] {
                try #require(line.contains(time))
                let name = try #require(time.split(separator: ":").first)
                let changed = line.replacingOccurrences(of: time, with: "\(name):\(figure)")
                accumulator.take(try #require(SessionJournal.event(Data(changed.utf8))))
            }
        }
        let timeline = accumulator.timeline
        #expect(timeline.duration.isFinite && timeline.counts.segmentsSent == 2)
        #expect(ReportPage(timeline).html.utf8.count < 100_000)
    }

    /// Counts of an end that is not the last event are counted on.
    @Test func countsBeyondAllMeasureAreTaken() throws {
        var summary = Self.summary
        (summary.counts.messagesReceived, summary.counts.bytesSent) = (.max, .max)
        (summary.counts.connections, summary.counts.segmentsSent) = (.max, .max)
        let ended = try #require(try SessionJournal.line(for: Events.event(.ended(summary), at: 1)))
        var accumulator = TimelineAccumulator(service: Events.local)
        accumulator.take(try #require(SessionJournal.event(ended)))
        accumulator.take(Events.event(.segmentSent(Events.segment(4)), at: 2))
        accumulator.take(Events.event(.connected(correlationID: nil), at: 3, message: "{}"))
        #expect(accumulator.timeline.counts.messagesReceived > 1_000_000_000)
    }

    @Test func theFirstLineSaysWhatItIs() throws {
        let line = try SessionJournal.line(for: JournalHeader(service: Events.local))
        #expect(SessionJournal.header(line)?.service == Events.local)
        #expect(SessionJournal.header(Data("{}".utf8)) == nil)
        #expect(
            SessionJournal.header(Data(#"{"format":"interhuman-events-9","service":{"url":"x","version":"v1"}}"#.utf8))
                == nil)
    }
}
