import Foundation
import InterhumanCore
import InterhumanSession
import InterhumanTesting
import Testing

/// Recording what goes over the wire, and playing it again.
@Suite(.timeLimit(.minutes(1)))
struct RecordingTests {
    private let path = FileManager.default.temporaryDirectory.appending(path: "recording-\(UUID())").path

    /// A session whose first connection breaks and whose second one is refused once.
    private static let attempts: [ScriptedConnector.Attempt] = [
        .accept(
            ConnectionScript.wellBehaved()
                .on(
                    .segment(1),
                    .send(ServerMessage(scripted: .feedbackGenerated(Feedback(text: "Line one.\nLine \"two\"."))))
                )
                .on(.segment(2), .end(ConnectionEnding(closeCode: 1011, reason: "restart", initiator: .remote)))),
        .refuse(
            ConnectionError(
                .refused, operation: "connect", message: "Busy.", httpStatus: 503, retryAfter: .milliseconds(1))),
        .accept(
            ConnectionScript.wellBehaved().on(
                .segment(1),
                .send(ServerMessage(scripted: .engagementUpdated(EngagementUpdate(state: .engaged, start: 0)))))),
    ]

    /// Runs a session over a connector and gives what it told.
    private func run(_ connector: any AnalysisConnector, frames: Int = 360) async throws -> [SessionEvent] {
        var configuration = StreamSession.Configuration(
            credentials: StaticCredential(Credential("a-secret-key")),
            endpoint: try ServiceEndpoint(baseURL: "wss://service.example"))
        configuration.reconnect.shortestDelay = .zero
        configuration.reconnect.longestDelay = .milliseconds(1)
        let session = StreamSession(
            configuration: configuration, video: ArrayVideoSource(count: frames), audio: nil,
            encoderFactory: PassthroughSegmentEncoderFactory(), connector: connector)
        var events: [SessionEvent] = []
        for try await event in try await session.start() { events.append(event) }
        return events
    }

    private func record() async throws -> [SessionEvent] {
        let recorder = try WireRecorder(path: path)
        let events = try await run(RecordingConnector(ScriptedConnector(Self.attempts), recorder: recorder))
        try await recorder.finish()
        return events
    }

    private func text(of events: [SessionEvent]) -> [String] {
        events.compactMap { event in
            if let message = event.message { return message.rawJSON }
            return if case .segmentSent(let segment) = event.kind { "\(segment.number)" } else { nil }
        }
    }

    @Test("a replayed session tells the same, and the client does the same, byte for byte")
    func replay() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let first = try await record()
        let recording = try WireRecording(path: path)
        let replayed = ReplayConnector(recording)
        let again = try WireRecorder(path: path)
        let second = try await run(RecordingConnector(replayed, recorder: again))
        try await again.finish()
        #expect(replayed.differences.isEmpty)
        #expect(replayed.attempts == 3)
        // Which of a message and a segment is told first is the tasks' affair; each kind has its order.
        #expect(text(of: second).sorted() == text(of: first).sorted())
        let messages = first.compactMap(\.message?.rawJSON)
        #expect(messages.contains { $0.contains(#"Line one.\nLine \"two\"."#) })
        #expect(second.compactMap(\.message?.rawJSON) == messages)
        #expect(second.compactMap(\.message?.body) == first.compactMap(\.message?.body))

        let copy = try WireRecording(path: path)
        for number in 1...3 {
            let (old, new) = (recording.entries(of: number), copy.entries(of: number))
            for isOfClient in [true, false] {
                #expect(
                    new.filter { $0.kind.isOfClient == isOfClient }.map(\.payload)
                        == old.filter { $0.kind.isOfClient == isOfClient }.map(\.payload))
            }
        }
        #expect(recording.entries(of: 2).contains { $0.kind == .refused && $0.attributes["status"] == "503" })
    }

    @Test("the file is the owner's alone, has no credential, and is made of what went over the wire")
    func file() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        _ = try await record()
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? Int) == 0o600)
        let bytes = try Data(contentsOf: URL(filePath: path))
        #expect(bytes.range(of: Data("a-secret-key".utf8)) == nil)
        #expect(bytes.range(of: Data(#"{"include":["#.utf8)) != nil)
        let recording = try WireRecording(bytes: Array(bytes))
        #expect(recording.bytes == Array(bytes))
        let segments = recording.entries.filter { $0.kind == .segment }
        #expect(segments.count == 4)
        #expect(segments.first?.payload.starts(with: PassthroughSegmentEncoderFactory.header) == true)
        #expect(segments.first?.attributes["header"] == "\(PassthroughSegmentEncoderFactory.header.count)")
        #expect(recording.entries.map(\.time) == recording.entries.map(\.time).sorted())
    }

    @Test("a client that does otherwise is told where, and the service goes on")
    func differences() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        _ = try await record()
        let replay = ReplayConnector(try WireRecording(path: path))
        let events = try await run(replay, frames: 350)
        #expect(!replay.differences.isEmpty)
        #expect(replay.differences.allSatisfy { $0.connection == 3 })
        guard case .ended(let summary) = events.last?.kind, case .sessionEnded = summary.completion else {
            Issue.record("it ended with \(String(describing: events.last))")
            return
        }
    }

    @Test("a recording that was cut off plays as far as it goes; what is none is refused")
    func damage() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        _ = try await record()
        let whole = try WireRecording(path: path)
        let bytes = whole.bytes
        for length in stride(from: 23, through: bytes.count, by: 7) {
            let cut = try WireRecording(bytes: Array(bytes.prefix(length)))
            #expect(cut.entries == Array(whole.entries.prefix(cut.entries.count)))
        }
        #expect(throws: WireRecordingError.self) { try WireRecording(bytes: Array("RIFF".utf8)) }
        #expect(throws: WireRecordingError.self) {
            try WireRecording(bytes: Array("interhuman-recording 1\nnonsense\n".utf8))
        }
        #expect(throws: WireRecordingError.self) { try WireRecording(path: "/nowhere/at/all") }
        #expect(throws: WireRecordingError.self) { try WireRecorder(path: "/nowhere/at/all") }
    }

    @Test(
        "attributes come back, whatever a service put into them",
        arguments: ["a b", "a\nb", "", "100%", "%41", "a=b", "\u{301}\r\n\u{0}é🦊", "plain"])
    func attributes(value: String) throws {
        let refused = WireRecording.Entry(
            time: .zero, connection: 1, kind: .refused, payload: [10],
            attributes: ["service-error": value, value + "=": "x"])
        let recording = WireRecording(entries: [refused, .init(time: .zero, connection: 2, kind: .connect)])
        #expect(try WireRecording(bytes: recording.bytes) == recording)
    }

    @Test("attributes of recordings from before they were escaped are what they were")
    func unescapedAttributes() throws {
        let text = "interhuman-recording 1\n0 1 refused 0 error=refused service-error=100% x=%zz y=%4\n"
        #expect(
            try WireRecording(bytes: Array(text.utf8)).entries.first?.attributes
                == ["error": "refused", "service-error": "100%", "x": "%zz", "y": "%4"])
    }

    @Test("with a clock the service's messages keep their times")
    func times() async throws {
        let ready = ServerMessage(scripted: .sessionReady(SessionReady()))
        let recording = WireRecording(entries: [
            .init(time: .seconds(5), connection: 1, kind: .connect),
            .init(time: .seconds(6), connection: 1, kind: .opened),
            .init(time: .seconds(8), connection: 1, kind: .received, payload: Array(ready.rawJSON.utf8)),
            .init(time: .seconds(9), connection: 1, kind: .ended, attributes: ["close": "1001"]),
        ])
        let clock = ManualClock()
        let replay = ReplayConnector(recording, clock: clock)
        let connection = try await replay.connect(
            ConnectionRequest(
                endpoint: try ServiceEndpoint(baseURL: "wss://service.example"), credential: Credential("key")))
        let begin = clock.now
        async let told = Self.timed(connection.events, by: clock)
        await clock.waitForSleeper(until: begin + .seconds(2))
        clock.advance(by: .seconds(2))
        await clock.waitForSleeper(until: begin + .seconds(3))
        clock.advance(by: .seconds(1))
        #expect(await told == [begin + .seconds(2), begin + .seconds(3)])
    }

    private static func timed(
        _ events: MediaSequence<ConnectionEvent, Never>, by clock: ManualClock
    ) async -> [MediaTime] {
        var times: [MediaTime] = []
        for await event in events {
            times.append(clock.now)
            if case .ended = event { return times }
        }
        return times
    }

    @Test("a send that failed fails again")
    func failedSend() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let script = ConnectionScript.wellBehaved()
            .on(.configuration, .failSends(ConnectionError(.connectionLost, operation: "send", message: "Broken.")))
        let recorder = try WireRecorder(path: path)
        let connector = RecordingConnector(ScriptedConnector([.accept(script)]), recorder: recorder)
        let request = ConnectionRequest(
            endpoint: try ServiceEndpoint(baseURL: "wss://service.example"), credential: Credential("key"))
        let recorded = try await connector.connect(request)
        try await recorded.send(SessionConfiguration())
        await #expect(throws: ConnectionError.self) { try await recorded.requestClose() }
        try await recorder.finish()

        let replayed = try await ReplayConnector(try WireRecording(path: path)).connect(request)
        try await replayed.send(SessionConfiguration())
        let error = await #expect(throws: ConnectionError.self) { try await replayed.requestClose() }
        #expect(error?.code == .connectionLost)
        #expect(error?.message == "Broken.")
    }
}
