import InterhumanCore
import InterhumanWire
import Testing

@Suite struct EnvelopeDecoderTests {
    private func decode(_ type: String, _ data: String) throws -> ServerMessage {
        try EnvelopeDecoder().decode(
            #"{"type":"\#(type)","timestamp":"2026-06-01T12:00:00.250000Z","correlation_id":"c-1","data":\#(data)}"#)
    }

    private func body(_ type: String, _ data: String) throws -> ServerMessage.Body {
        try decode(type, data).body
    }

    private func reason(_ body: ServerMessage.Body) -> String? {
        if case .unknown(let reason) = body { reason } else { nil }
    }

    // MARK: The envelope

    @Test func theEnvelopeIsRead() throws {
        let message = try decode("feedback.generated", #"{"feedback":"Slow down."}"#)
        #expect(message.type == "feedback.generated")
        #expect(message.correlationID == "c-1")
        #expect(message.timestamp == ServerTimestamp(iso8601: "2026-06-01T12:00:00.25Z"))
        #expect(message.body == .feedbackGenerated(Feedback(text: "Slow down.")))
        #expect(message.rawJSON.hasPrefix(#"{"type":"feedback.generated""#))
    }

    @Test func theOrderOfMembersDoesNotMatterAndTheTextIsKept() throws {
        let text = " {\n\"data\" : { \"reason\":\"client_shutdown\" } ,\t\"x\":[1,{}], \"type\":\"session.ended\"}\r\n"
        let message = try EnvelopeDecoder().decode(text)
        #expect(message.body == .sessionEnded(SessionEnded(reason: "client_shutdown")))
        #expect(message.rawJSON == text)
        #expect(message.timestamp == nil)
        #expect(message.correlationID == nil)
    }

    @Test func unreadableTimestampsAndIdentifiersAreLeftOut() throws {
        let message = try EnvelopeDecoder().decode(
            #"{"type":"session.ended","timestamp":12,"correlation_id":null,"data":{"reason":"x"}}"#)
        #expect(message.timestamp == nil)
        #expect(message.correlationID == nil)
        #expect(message.body == .sessionEnded(SessionEnded(reason: "x")))
    }

    @Test(arguments: [
        ("[1,2]", ""), ("\"x\"", ""), ("12", ""), ("null", ""), ("{}", ""), (#"{"type":3,"data":{}}"#, ""),
        (#"{"type":"session.ended"}"#, "session.ended"), (#"{"type":"new.thing","data":[1]}"#, "new.thing"),
        (#"{"type":"new.thing"}"#, "new.thing"), (#"{"type":"a","type":"b","data":{}}"#, "a"),
        (#"{"type":"session.ended","data":{"reason":"x"},"data":{}}"#, "session.ended"),
        (#"{"type":"session.ended","data":[]}"#, "session.ended"),
        (#"{"data":{"reason":1},"type":"session.ended"}"#, "session.ended"),
    ])
    func jsonThatIsNoKnownMessageIsUnknown(text: String, type: String) throws {
        let message = try EnvelopeDecoder().decode(text)
        #expect(message.type == type)
        #expect(reason(message.body) != nil)
        #expect(message.rawJSON == text)
    }

    @Test(arguments: [
        "", " ", "{", "}", "[", "[1", "[1,", "[1,]", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}",
        "{a:1}", "{'a':1}", "tru", "nul", "True", "01", "-", "+1", "1.", ".5", "1e", "1e+", "0x1", "NaN", "Infinity",
        "\"", "\"a", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\n\"", "\"\u{0}\"", "\u{0}", "{}{}", "{} x",
        "\u{FEFF}{}", "{\"type\":\"session.ended\",\"data\":{\"reason\":\"x\"}", "{\"type\":1,\"data\":{]}",
        "{\"type\":\"session.ended\",\"data\":{\"reason\":\"x\",}}",
        "{\"type\":\"session.ended\",\"data\":{\"reason\" 1}}",
        "{\"type\":\"session.ended\",\"data\":{\"reason\":}}", "[1 2]", "{\"a\":1 \"b\":2}", "not json at all",
    ])
    func whatIsNoJSONIsATypedError(text: String) {
        let error = #expect(throws: EnvelopeError.self) { try EnvelopeDecoder().decode(text) }
        #expect(error?.code == .notJSON)
    }

    @Test func everyPrefixOfAMessageIsATypedError() throws {
        let text = #"{"type":"signal.detected","data":{"start":-1.5e1,"rationale":"\u00e9\n","modality":[true,null]}}"#
        _ = try EnvelopeDecoder().decode(text)
        for count in 0..<text.utf8.count {
            let prefix = String(decoding: text.utf8.prefix(count), as: UTF8.self)
            #expect(throws: EnvelopeError.self, "\(prefix)") { try EnvelopeDecoder().decode(prefix) }
        }
    }

    @Test func nestingIsBounded() throws {
        func nested(_ depth: Int) -> String {
            #"{"type":"x","data":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
        }
        #expect(try reason(EnvelopeDecoder().decode(nested(63)).body) != nil)
        let error = #expect(throws: EnvelopeError.self) { try EnvelopeDecoder().decode(nested(64)) }
        #expect(error?.code == .tooDeep)
        let objects = String(repeating: #"{"a":"#, count: 100_000)
        let second = #expect(throws: EnvelopeError.self) { try EnvelopeDecoder().decode(objects) }
        #expect(second?.code == .tooDeep)
    }

    // MARK: Signals in three generations

    @Test func generationAOfTheSeed() throws {
        let signals = #"""
            {"signals":[{"type":"agreement","start":3.0,"end":11.0,"probability":"high","rationale":"Nods."},
            {"type":"awe","start":0,"end":1}]}
            """#
        #expect(
            try body("signal.detected", signals)
                == .signalDetected([
                    SignalObservation(
                        type: .agreement, start: 3, end: 11, probability: .high, rationale: "Nods."),
                    SignalObservation(type: .unknown("awe"), start: 0, end: 1),
                ]))
        #expect(try body("signal.detected", #"{"signals":[]}"#) == .signalDetected([]))
        #expect(
            try body("engagement.updated", #"{"state":"engaged","start":3.0,"end":11.0}"#)
                == .engagementUpdated(EngagementUpdate(state: .engaged, start: 3, end: 11)))
    }

    @Test func generationBIsFlatWithAnEnd() throws {
        #expect(
            try body("signal.detected", #"{"signal_type":"stress","start":1.5,"end":4,"probability":null}"#)
                == .signalDetected([SignalObservation(type: .stress, start: 1.5, end: 4)]))
    }

    @Test func generationCIsFlatWithoutAnEnd() throws {
        let data = #"""
            {"signal_type":"interest","start":12,"probability":"medium","rationale":"Leans in.",
            "modality":["video","audio","smell"],"future":{"a":[1,2]}}
            """#
        let expected = SignalObservation(
            type: .interest, start: 12, probability: .medium, rationale: "Leans in.",
            modality: [.video, .audio, .unknown("smell")])
        #expect(try body("signal.detected", data) == .signalDetected([expected]))
        #expect(try body("signal.updated", data) == .signalUpdated(expected))
        #expect(
            try body("signal.ended", #"{"signal_type":"interest","end":14.25}"#)
                == .signalEnded(SignalEnd(type: .interest, end: 14.25)))
    }

    // MARK: The other types

    @Test func conversationQualityTakesIntegersAndFractions() throws {
        let scores = #"{"quality_index":71,"clarity":50.5,"authority":1e1,"energy":0,"rapport":100,"learning":49.999}"#
        let values = ConversationQuality(
            qualityIndex: 71, clarity: 50.5, authority: 10, energy: 0, rapport: 100, learning: 49.999)
        #expect(
            try body(
                "conversation_quality.updated",
                #"{"overall":\#(scores),"timeline":[{"start":0,"end":3.5,"values":\#(scores)}]}"#)
                == .conversationQualityUpdated(
                    ConversationQualityUpdate(
                        overall: values,
                        timeline: [ConversationQualityInterval(start: 0, end: 3.5, values: values)])))
        #expect(
            try body("conversation_quality.updated", #"{"overall":null,"timeline":null}"#)
                == .conversationQualityUpdated(ConversationQualityUpdate()))
        let incomplete = try body("conversation_quality.updated", #"{"overall":{"quality_index":1}}"#)
        #expect(reason(incomplete)?.contains("score") == true)
    }

    /// What production sent in June 2026, with its nulls.
    @Test func sessionReadyAsCaptured() throws {
        var expected = SessionReady()
        expected.sessionIdleTimeoutSeconds = 300
        expected.sessionMaxDurationSeconds = 3600
        expected.minSegmentSizeBytes = 1
        expected.maxSegmentSizeBytes = 33_554_432
        expected.supportedOptions = SupportedSessionOptions(
            include: [.conversationQualityOverall, .conversationQualityTimeline], model: [.inter2, .inter2Audio])
        let data = #"""
            {"session_idle_timeout_seconds":300,"session_max_duration_seconds":3600.0,
            "max_segment_duration_seconds":null,"min_segment_size_bytes":1,"max_segment_size_bytes":33554432,
            "supported_session_config_options":{"include":["conversation_quality_overall",
            "conversation_quality_timeline"],"goal_dimensions":null,"model":["inter-2","inter-2-audio"],"new":1}}
            """#
        #expect(try body("session.ready", data) == .sessionReady(expected))
        #expect(try body("session.ready", "{}") == .sessionReady(SessionReady()))
        #expect(try body("session.ready", "null") == .sessionReady(SessionReady()))
        #expect(
            try EnvelopeDecoder().decode(#"{"type":"session.ready"}"#).body == .sessionReady(SessionReady()))
        #expect(reason(try body("session.ready", #"{"min_segment_size_bytes":1.5}"#)) != nil)
        var minimal = SessionReady()
        minimal.minSegmentDurationSeconds = 3
        minimal.maxSegmentDurationSeconds = 10
        #expect(
            try body("session.ready", #"{"min_segment_duration_seconds":3,"max_segment_duration_seconds":10}"#)
                == .sessionReady(minimal))
    }

    @Test func sessionMessages() throws {
        #expect(
            try body("session.updated", #"{"include":["x"],"goal_dimensions":["clarity"],"model":"inter-2"}"#)
                == .sessionUpdated(
                    SessionUpdated(include: [.unknown("x")], goalDimensions: [.clarity], model: .inter2)))
        #expect(try body("session.updated", #"{"include":null}"#) == .sessionUpdated(SessionUpdated(include: [])))
        #expect(
            try body("session.closing", #"{"max_drain_seconds":30}"#)
                == .sessionClosing(SessionClosing(maxDrainSeconds: 30)))
    }

    @Test func coverage() throws {
        let ranges = [CoverageRange(start: 1, end: 2), CoverageRange(start: 3, end: 4.5)]
        let data = #"{"ranges":[{"start":1,"end":2},{"start":3,"end":4.5}],"reason":"video_gap"}"#
        #expect(try body("coverage.dropped", data) == .coverageDropped(Coverage(ranges: ranges, reason: "video_gap")))
        #expect(
            try body("coverage.degraded", #"{"ranges":[]}"#) == .coverageDegraded(Coverage(ranges: [])))
    }

    @Test func errors() throws {
        #expect(
            try body("error", #"{"code":"ih5004","message":"Bad.","link":"https://x","segment":4.0}"#)
                == .error(ServiceError(code: .malformedSegment, message: "Bad.", link: "https://x", segment: 4)))
        #expect(
            try body("error", #"{"code":"ih9"}"#) == .error(ServiceError(code: .init(rawValue: "ih9"), message: "")))
    }

    @Test(arguments: [
        ("signal.detected", #"{"signal_type":"stress"}"#, "start"),
        ("signal.detected", #"{"start":1}"#, "signal_type"),
        ("signal.detected", #"{"signal_type":null,"start":1}"#, "a string"),
        ("signal.detected", #"{"signal_type":"a","start":"1"}"#, "a number"),
        ("signal.detected", #"{"signal_type":"a","start":1e999}"#, "too large"),
        ("signal.detected", #"{"signal_type":"a","start":1,"start":2}"#, "twice"),
        ("signal.detected", #"{"signal_type":"a","st\u0061rt":1,"start":2}"#, "twice"),
        ("signal.detected", #"{"signals":[{"type":"a"}]}"#, "start"),
        ("signal.detected", #"{"signals":{}}"#, "an array"),
        ("signal.detected", #"{"signal_type":"\ud83d","start":1}"#, "surrogate"),
        ("signal.detected", #"{"signal_type":"\ude00\ud83d","start":1}"#, "surrogate"),
        ("signal.detected", #"{"signal_type":"\ud83d\u0041","start":1}"#, "surrogate"),
        ("signal.ended", "{}", "signal_type"), ("signal.ended", #"{"signal_type":"a"}"#, "end"),
        ("engagement.updated", "{}", "state"), ("feedback.generated", "{}", "feedback"),
        ("coverage.dropped", "{}", "ranges"), ("coverage.dropped", #"{"ranges":[{"end":1}]}"#, "start"),
        ("coverage.dropped", #"{"ranges":[{"start":1}]}"#, "end"),
        ("session.closing", "{}", "max_drain_seconds"), ("session.ended", "{}", "reason"), ("error", "{}", "code"),
        ("error", #"{"code":"a","segment":1.5}"#, "integer"), ("error", "7", "an object"),
        ("conversation_quality.updated", #"{"timeline":[{"start":1,"end":2}]}"#, "values"),
        ("conversation_quality.updated", #"{"timeline":[{"end":2}]}"#, "start"),
        ("conversation_quality.updated", #"{"timeline":[{"start":2}]}"#, "end"),
    ])
    func malformedDataIsUnknownAndSaysWhy(type: String, data: String, word: String) throws {
        for text in [#"{"type":"\#(type)","data":\#(data)}"#, #"{"data":\#(data),"type":"\#(type)"}"#] {
            let message = try EnvelopeDecoder().decode(text)
            #expect(message.type == type)
            #expect(message.rawJSON == text)
            #expect(try #require(reason(message.body)).contains(word))
        }
    }

    // MARK: Strings and numbers

    @Test func escapesAreUndone() throws {
        let data = #"{"feedback":"\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\ud83d\ude00\u0000ü"}"#
        #expect(
            try body("feedback.generated", data)
                == .feedbackGenerated(Feedback(text: "\"\\/\u{8}\u{C}\n\r\tAé€😀\u{0}ü")))
    }

    @Test func longTextsComeWholeWhateverTheirLength() throws {
        for count in 0...40 {
            let text = String(repeating: "a", count: count)
            for escaped in ["", #"\n"#, "é"] {
                let expected = text + (escaped == #"\n"# ? "\n" : escaped) + text
                #expect(
                    try body("feedback.generated", #"{"feedback":"\#(text + escaped + text)"}"#)
                        == .feedbackGenerated(Feedback(text: expected)))
            }
        }
    }

    @Test(arguments: [
        "0", "-0", "0.0", "1", "-1", "10", "0.1", "-0.5", "1.5e3", "1E-3", "1e+2", "123456789012345678",
        "9007199254740993", "0.30000000000000004", "2.2250738585072014e-308", "5e-324", "1e-400",
        "1.7976931348623157e308", "3.14159265358979323846264338327950288419716939937510582097494459",
        "1e22", "1e23", "123456789e-22", "123456789e-23", "0.000000000000000000000000000001",
        "1e-99999999999999999999", "-0.5e-9223372036854775807",
        // Found by the fuzzer: with one digit behind the point the exponent becomes Int.min.
        "-0.5e-99999999999999999999", "0.12e-9223372036854775808", "899999999999999.9", "9007199254740992e22",
    ])
    func numbersAreRoundedAsTheStandardLibraryDoes(text: String) throws {
        let expected = try #require(Double(text))
        #expect(
            try body("session.closing", #"{"max_drain_seconds":\#(text)}"#)
                == .sessionClosing(SessionClosing(maxDrainSeconds: expected)))
    }

    @Test func randomNumbersAgreeWithTheStandardLibrary() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            for text in ["\(value)", "\(Float(value.truncatingRemainder(dividingBy: 1e6)))"] {
                let message = try body("session.closing", #"{"max_drain_seconds":\#(text)}"#)
                #expect(
                    try message == .sessionClosing(SessionClosing(maxDrainSeconds: #require(Double(text)))),
                    "\(text), seed \(seed)")
            }
        }
    }

    @Test(arguments: ["1e999", "-1e999", "1e99999999999999999999", String(repeating: "9", count: 400)])
    func hugeNumbersAreUnknown(text: String) throws {
        #expect(reason(try body("session.closing", #"{"max_drain_seconds":\#(text)}"#))?.contains("large") == true)
        // Where nobody looks they do no harm.
        #expect(try body("session.ended", #"{"reason":"x","more":\#(text)}"#) == .sessionEnded(.init(reason: "x")))
    }

    @Test func textsThatAreNotContiguousAreTaken() throws {
        let bridged = String(#"{"type":"session.ended","data":{"reason":"x"}}"#.reversed().reversed())
        #expect(try EnvelopeDecoder().decode(bridged).body == .sessionEnded(SessionEnded(reason: "x")))
    }
}
