import InterhumanCore
import InterhumanWire
import Testing

@Suite struct EnvelopeEncoderTests {
    private static let instant = ServerTimestamp(nanosecondsSince1970: 1_735_689_600_000_001_999)
    private static let scores = ConversationQuality(
        qualityIndex: 1, clarity: 2.5, authority: 3, energy: 4, rapport: 5, learning: 100)
    private static let signal = SignalObservation(
        type: .stress, start: 1, end: 2, probability: .low, rationale: "A \"quote\"\n\u{1}\u{7F}", modality: [.audio])

    private static var ready: SessionReady {
        var ready = SessionReady()
        ready.sessionIdleTimeoutSeconds = 300
        ready.sessionMaxDurationSeconds = 3600
        ready.maxSegmentDurationSeconds = 10
        ready.minSegmentSizeBytes = 1
        ready.maxSegmentSizeBytes = 33_554_432
        ready.supportedOptions = SupportedSessionOptions(include: [.conversationQualityOverall])
        return ready
    }

    /// One of every kind.
    private static let bodies: [ServerMessage.Body] = [
        .sessionReady(ready), .sessionReady(SessionReady()),
        .sessionUpdated(SessionUpdated(include: [.conversationQualityTimeline], goalDimensions: [], model: .inter2)),
        .sessionUpdated(SessionUpdated(include: [])),
        .signalUpdated(SignalObservation(type: .stress, start: 0.1, rationale: "é😀")),
        .signalEnded(SignalEnd(type: .unknown("x"), end: 1e-9)),
        .engagementUpdated(EngagementUpdate(state: .neutral, start: 3, end: nil)),
        .conversationQualityUpdated(
            ConversationQualityUpdate(
                overall: scores, timeline: [ConversationQualityInterval(start: 0, end: 3, values: scores)])),
        .conversationQualityUpdated(ConversationQualityUpdate()),
        .feedbackGenerated(Feedback(text: "Good.\t\r")),
        .coverageDropped(Coverage(ranges: [CoverageRange(start: 0, end: 1)])),
        .coverageDegraded(Coverage(ranges: [], reason: "video_gap")),
        .sessionClosing(SessionClosing(maxDrainSeconds: 30)), .sessionEnded(SessionEnded(reason: "client_shutdown")),
        .error(ServiceError(code: .badConfiguration, message: "No.", link: "https://x/y", segment: 3)),
    ]

    @Test(arguments: bodies) func whatIsWrittenIsReadBack(body: ServerMessage.Body) throws {
        let texts = EnvelopeEncoder().encode(body, timestamp: Self.instant, correlationID: "c")
        #expect(texts.count == 1)
        let message = try EnvelopeDecoder().decode(try #require(texts.first))
        #expect(message.body == body)
        #expect(message.correlationID == "c")
        #expect(message.timestamp?.nanosecondsSince1970 == 1_735_689_600_000_001_000)
    }

    @Test(arguments: bodies) func keysAreSortedAndBytesStable(body: ServerMessage.Body) throws {
        let text = try #require(EnvelopeEncoder().encode(body, timestamp: Self.instant, correlationID: "c").first)
        #expect(text == EnvelopeEncoder().encode(body, timestamp: Self.instant, correlationID: "c").first)
        #expect(keysAreSorted(text))
    }

    /// Whether the keys of every object come in order, by a small reader of its own.
    private func keysAreSorted(_ text: String) -> Bool {
        var stack: [[String]] = []
        var isSorted = true
        var rest = text[...]
        while let character = rest.popFirst() {
            switch character {
            case "{": stack.append([])
            case "}":
                let keys = stack.popLast() ?? ["no object is open", ""]
                isSorted = isSorted && keys == keys.sorted()
            case "\"":
                var string = ""
                while let next = rest.popFirst(), next != "\"" {
                    string.append(next)
                    if next == "\\", let escaped = rest.popFirst() { string.append(escaped) }
                }
                if rest.first == ":" { stack[stack.count - 1].append(string) }
            default: break
            }
        }
        return isSorted
    }

    @Test func theCurrentDialectSendsEachSignalOnItsOwn() throws {
        let body = ServerMessage.Body.signalDetected([Self.signal, SignalObservation(type: .tension, start: 4.25)])
        #expect(
            EnvelopeEncoder().encode(body, timestamp: Self.instant, correlationID: "c") == [
                #"{"correlation_id":"c","data":{"modality":["audio"],"probability":"low","rationale":"#
                    + #""A \"quote\"\n\u0001\u007f","signal_type":"stress","start":1.0},"#
                    + #""timestamp":"2025-01-01T00:00:00.000001Z","type":"signal.detected"}"#,
                #"{"correlation_id":"c","data":{"signal_type":"tension","start":4.25},"#
                    + #""timestamp":"2025-01-01T00:00:00.000001Z","type":"signal.detected"}"#,
            ])
        let v2 = EnvelopeEncoder(includesModality: false).encode(body, timestamp: Self.instant)
        #expect(v2.first?.contains("modality") == false)
        #expect(v2.first?.contains("correlation_id") == false)
    }

    @Test func theOlderDialects() throws {
        let body = ServerMessage.Body.signalDetected([Self.signal])
        let legacy = EnvelopeEncoder(dialect: .legacySegments).encode(body, timestamp: Self.instant)
        #expect(
            legacy == [
                #"{"data":{"signals":[{"end":2.0,"probability":"low","rationale":"A \"quote\"\n\u0001\u007f","#
                    + #""start":1.0,"type":"stress"}]},"timestamp":"2025-01-01T00:00:00.000001Z","#
                    + #""type":"signal.detected"}"#
            ])
        let flat = EnvelopeEncoder(dialect: .cumulative).encode(body, timestamp: Self.instant)
        #expect(try EnvelopeDecoder().decode(try #require(flat.first)).body == body)
        for dialect in [EnvelopeDialect.legacySegments, .cumulative] {
            let encoder = EnvelopeEncoder(dialect: dialect)
            let known = Self.bodies.filter { !encoder.encode($0, timestamp: Self.instant).isEmpty }
            #expect(known.count == 4, "engagement, twice quality, error")
        }
    }

    @Test func unknownBodiesAreNotWritten() {
        #expect(EnvelopeEncoder().encode(.unknown(reason: "x"), timestamp: Self.instant).isEmpty)
    }

    @Test func whatJSONHasNoNumberForIsNull() throws {
        let body = ServerMessage.Body.engagementUpdated(EngagementUpdate(state: .engaged, start: .nan, end: .infinity))
        let text = try #require(EnvelopeEncoder().encode(body, timestamp: Self.instant).first)
        #expect(
            try EnvelopeDecoder().decode(text).body == .engagementUpdated(EngagementUpdate(state: .engaged, start: nil))
        )
    }
}
