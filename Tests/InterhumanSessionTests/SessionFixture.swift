import InterhumanCore
import InterhumanSession
import InterhumanTesting

/// A session on scripted ports, and all that tests want to look at.
struct SessionFixture {
    let clock = ManualClock()
    let credentials: RecordingCredentialProvider
    let connector: ScriptedConnector
    let video: ArrayVideoSource?
    let audio: ArrayAudioSource?
    let encoders: PassthroughSegmentEncoderFactory
    let session: StreamSession

    /// The capture time of the first media that `media(seconds:)` gives.
    static let base = MediaTime(seconds: 1_000)

    init(
        _ attempts: [ScriptedConnector.Attempt], credentials: RecordingCredentialProvider = .init(.success(.test)),
        video: ArrayVideoSource? = ArrayVideoSource(count: 180, base: SessionFixture.base),
        audio: ArrayAudioSource? = ArrayAudioSource(count: 300, base: SessionFixture.base),
        encoders: PassthroughSegmentEncoderFactory = PassthroughSegmentEncoderFactory(),
        configure: (inout StreamSession.Configuration) -> Void = { _ in }
    ) throws {
        self.credentials = credentials
        connector = ScriptedConnector(attempts)
        self.video = video
        self.audio = audio
        self.encoders = encoders
        var configuration = StreamSession.Configuration(
            credentials: credentials, endpoint: try ServiceEndpoint(baseURL: "wss://service.example"))
        configure(&configuration)
        session = StreamSession(
            configuration: configuration, video: video, audio: audio, encoderFactory: encoders,
            connector: connector, clock: clock)
    }

    /// A session whose first connection follows the script.
    init(
        _ script: ConnectionScript,
        video: ArrayVideoSource? = ArrayVideoSource(count: 180, base: SessionFixture.base),
        audio: ArrayAudioSource? = ArrayAudioSource(count: 300, base: SessionFixture.base),
        encoders: PassthroughSegmentEncoderFactory = PassthroughSegmentEncoderFactory(),
        configure: (inout StreamSession.Configuration) -> Void = { _ in }
    ) throws {
        try self.init([.accept(script)], video: video, audio: audio, encoders: encoders, configure: configure)
    }

    /// Starts the session and gives the error that it threw.
    func errorOfStart() async -> SessionError? {
        do throws(SessionError) {
            _ = try await session.start()
            return nil
        } catch {
            return error
        }
    }
}

extension Credential {
    static let test = Credential("a-test-key")
    static let fresh = Credential("a-fresh-key")
}

/// Everything that a session told.
struct Account {
    var events: [SessionEvent] = []
    var error: SessionError?

    /// Reads events to the end.
    init(reading events: StreamSession.Events) async {
        do throws(SessionError) {
            for try await event in events { self.events.append(event) }
        } catch {
            self.error = error
        }
    }

    /// The kinds of events by name, in order.
    var names: [String] { events.map(\.name) }

    var summary: SessionSummary? {
        if case .ended(let summary) = events.last?.kind { summary } else { nil }
    }
}

extension SessionEvent {
    /// The kind without what comes with it.
    var name: String {
        String("\(kind)".prefix { $0 != "(" })
    }
}
