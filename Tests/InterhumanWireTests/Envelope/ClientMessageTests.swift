import InterhumanCore
import InterhumanWire
import Testing

@Suite struct ClientMessageTests {
    @Test func theConfigurationFrameOmitsWhatIsNil() {
        let encoder = ClientMessageEncoder()
        #expect(
            encoder.encode(SessionConfiguration())
                == #"{"include":["conversation_quality_overall","conversation_quality_timeline"]}"#)
        #expect(encoder.encode(SessionConfiguration(include: [])) == #"{"include":[]}"#)
        let whole = SessionConfiguration(
            include: [.conversationQualityOverall], goalDimensions: [.clarity, .rapport], model: .inter2Audio,
            audioFormat: RawAudioFormat(sampleRate: 16_000))
        #expect(
            encoder.encode(whole)
                == #"{"audio_format":{"channels":1,"encoding":"pcm_s16le","sample_rate":16000},"#
                + #""goal_dimensions":["clarity","rapport"],"include":["conversation_quality_overall"],"#
                + #""model":"inter-2-audio"}"#)
        #expect(encoder.encodeClose() == #"{"type":"session.close"}"#)
    }

    @Test func whatIsWrittenIsReadBack() throws {
        for model in [nil, AnalysisModel.inter2] {
            for format in [nil, RawAudioFormat(sampleRate: 24_000)] {
                for goals in [nil, [], GoalDimension.known] {
                    let configuration = SessionConfiguration(
                        include: AnalysisOutput.known, goalDimensions: goals, model: model, audioFormat: format)
                    let text = ClientMessageEncoder().encode(configuration)
                    #expect(try ClientMessageDecoder().decode(text) == .configuration(configuration))
                }
            }
        }
        #expect(try ClientMessageDecoder().decode(ClientMessageEncoder().encodeClose()) == .close)
    }

    @Test func anEmptyFrameReplacesWithNothing() throws {
        #expect(try ClientMessageDecoder().decode("{}") == .configuration(SessionConfiguration(include: [])))
        #expect(
            try ClientMessageDecoder().decode(#"{"goal_dimensions":null,"model":null}"#)
                == .configuration(SessionConfiguration(include: [])))
    }

    @Test(arguments: [
        (#"{"includes":[]}"#, "includes"), (#"{"include":["everything"]}"#, "include"),
        (#"{"include":"x"}"#, "include"),
        (#"{"include":[1]}"#, "include"), (#"{"include":null}"#, "include"),
        (#"{"goal_dimensions":["speed"]}"#, "goal_dimensions"), (#"{"model":7}"#, "model"),
        (#"{"type":"session.start"}"#, "type"), (#"{"type":1}"#, "type"),
        (#"{"type":"session.close","include":[]}"#, "type"), (#"{"audio_format":[]}"#, "audio_format"),
        (#"{"audio_format":{"rate":1}}"#, "audio_format"), (#"{"audio_format":{}}"#, "audio_format.encoding"),
        (#"{"audio_format":{"encoding":"mp3","sample_rate":16000,"channels":1}}"#, "audio_format.encoding"),
        (#"{"audio_format":{"encoding":"pcm_s16le","sample_rate":16000,"channels":2}}"#, "audio_format.channels"),
        (#"{"audio_format":{"encoding":"pcm_s16le","sample_rate":8000,"channels":1}}"#, "audio_format.sample_rate"),
        (#"{"audio_format":{"encoding":"pcm_s16le","channels":1}}"#, "audio_format.sample_rate"),
    ])
    func wrongPropertiesAreNamed(text: String, property: String) {
        let error = #expect(throws: EnvelopeError.self) { try ClientMessageDecoder().decode(text) }
        #expect(error?.code == .invalidProperty)
        #expect(error?.property == property)
        #expect(error?.message.contains(property) == true)
    }

    @Test(arguments: ["[]", "1", #"{"include":[],"include":[]}"#, #"{"\ud800":1}"#])
    func otherShapesAreErrorsWithoutAProperty(text: String) {
        let error = #expect(throws: EnvelopeError.self) { try ClientMessageDecoder().decode(text) }
        #expect(error?.code == .invalidProperty)
        #expect(error?.property == nil)
    }

    @Test(arguments: ["", "{", "{} {}", "hello", #"{"type":"session.close",}"#])
    func whatIsNoJSONIsATypedError(text: String) {
        let error = #expect(throws: EnvelopeError.self) { try ClientMessageDecoder().decode(text) }
        #expect(error?.code == .notJSON)
    }

    @Test func deepNestingIsATypedError() {
        let text = #"{"model":"# + String(repeating: "[", count: 200)
        let error = #expect(throws: EnvelopeError.self) { try ClientMessageDecoder().decode(text) }
        #expect(error?.code == .tooDeep)
    }
}

@Suite struct ServiceErrorDecoderTests {
    @Test func theBodyOfARefusalIsRead() throws {
        let body = #"{"error_id":"ih2001","correlation_id":"c","link":"https://x","message":"No.","more":[]}"#
        let (error, correlationID) = try #require(ServiceErrorDecoder().decode(Array(body.utf8)))
        #expect(error == ServiceError(code: .invalidKey, message: "No.", link: "https://x"))
        #expect(correlationID == "c")
        let minimal = try #require(ServiceErrorDecoder().decode(Array(#"{"error_id":"ih1001","message":null}"#.utf8)))
        #expect(minimal.error == ServiceError(code: .internalError, message: ""))
        #expect(minimal.correlationID == nil)
    }

    @Test(arguments: ["", "<html>", "{}", "[]", #"{"error_id":3}"#, #"{"error_id":"a"} x"#])
    func otherBodiesAreNil(text: String) {
        #expect(ServiceErrorDecoder().decode(Array(text.utf8)) == nil)
    }

    @Test func whatIsNotUTF8IsNil() {
        #expect(ServiceErrorDecoder().decode([0xFF, 0x7B]) == nil)
    }
}
