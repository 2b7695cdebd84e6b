import Foundation
import InterhumanCore
import InterhumanSession
import InterhumanTesting
import Synchronization
import Testing

/// The code of Documentation/Guides/Testing.md and Observing.md, which these tests compile, run and compare.
@Suite(.timeLimit(.minutes(1)))
struct GuideTests {
    @Test("a whole session")
    func wholeSession() async throws {
        let connector = ScriptedConnector([
            .accept(
                ConnectionScript.wellBehaved()
                    .on(.segment(1), .send(ServerMessage(scripted: .feedbackGenerated(Feedback(text: "Good."))))))
        ])
        let session = StreamSession(
            configuration: StreamSession.Configuration(
                credentials: StaticCredential(Credential("test")),
                endpoint: try ServiceEndpoint(baseURL: "wss://service.example")),
            video: ArrayVideoSource(count: 180), audio: ArrayAudioSource(count: 300),
            encoderFactory: PassthroughSegmentEncoderFactory(), connector: connector)
        var feedback: [String] = []
        for try await event in try await session.start() {
            if case .feedback(let given) = event.kind { feedback.append(given.text) }
        }
        #expect(feedback == ["Good."])
    }

    @Test("faults")
    func faults() async throws {
        let configuration = StreamSession.Configuration(
            credentials: StaticCredential(Credential("test")),
            endpoint: try ServiceEndpoint(baseURL: "wss://service.example"))
        let clock = ManualClock()
        let executor = ManualExecutor()
        let connector = SimulatedConnector(clock: clock) { attempt in
            var link = SimulatedLink()
            if attempt == 1 { link.breaksAfterBytes = 2_000 }  // in the middle of a message
            return link
        }
        let start = clock.now
        let away = TimeRange(start: start + .seconds(5), end: start + .seconds(8))
        let session = StreamSession(
            configuration: configuration,
            video: ArrayVideoSource(
                count: 300, frameRate: 10, base: start, isLive: true, interruptions: [away], clock: clock),
            audio: nil, encoderFactory: PassthroughSegmentEncoderFactory(padding: 1_000), connector: connector,
            clock: clock, executor: executor)
        let told = Mutex<[SessionEvent]?>(nil)
        let reader = Task(executorPreference: executor) {
            var events: [SessionEvent] = []
            for try await event in try await session.start() { events.append(event) }
            told.withLock { [events] in $0 = events }
        }
        // Thirty seconds of streaming, the outage and the lost camera take a few milliseconds.
        let isOver = executor.run(clock) { told.withLock { $0 != nil } }
        #expect(isOver)
        try await reader.value
        let names = (told.withLock { $0 } ?? []).map { String("\($0.kind)".prefix { $0 != "(" }) }
        for name in ["reconnecting", "reconnected", "sourceLost", "sourceReturned", "ended"] {
            #expect(names.contains(name))
        }
    }

    @Test("recording and replaying")
    func recording() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "guide-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let configuration = StreamSession.Configuration(
            credentials: StaticCredential(Credential("test")),
            endpoint: try ServiceEndpoint(baseURL: "wss://service.example"))
        func session(over connector: any AnalysisConnector) -> StreamSession {
            StreamSession(
                configuration: configuration, video: ArrayVideoSource(count: 180), audio: nil,
                encoderFactory: PassthroughSegmentEncoderFactory(), connector: connector)
        }
        let connector = ScriptedConnector([.accept(.wellBehaved())])
        let recorder = try WireRecorder(path: path)
        let recorded = session(over: RecordingConnector(connector, recorder: recorder))
        for try await _ in try await recorded.start() {}
        try await recorder.finish()

        let replay = ReplayConnector(try WireRecording(path: path))
        let replayed = session(over: replay)
        for try await _ in try await replayed.start() {}
        let differences = replay.differences
        #expect(differences.isEmpty)
    }

    @Test("every block of the guides is code of a test", arguments: ["Testing.md", "Observing.md"])
    func blocks(page: String) throws {
        var root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        while root.lastPathComponent != "Tests", root.path != "/" { root.deleteLastPathComponent() }
        let sources = [
            "InterhumanTestingTests/GuideTests.swift", "Reliability/GuideTests.swift",
            "InterhumanLifecycleTests/GuideTests.swift",
        ]
        let code = try sources.map { Self.lines(try String(contentsOf: root.appending(path: $0), encoding: .utf8)) }
        let guides = root.deletingLastPathComponent().appending(path: "Documentation/Guides")
        let text = try String(contentsOf: guides.appending(path: page), encoding: .utf8)
        let blocks = text.components(separatedBy: "```swift\n").dropFirst().map {
            $0.components(separatedBy: "\n```")[0]
        }
        #expect(!blocks.isEmpty)
        for block in blocks {
            let wanted = Self.lines(block)
            #expect(code.contains { $0.contains(wanted) }, "no test has this code:\n\(block)")
        }
    }

    /// The lines without their indentation, blank lines and imports.
    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("import ") }
    }
}
