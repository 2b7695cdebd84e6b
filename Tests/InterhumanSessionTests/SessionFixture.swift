import InterhumanCore
import InterhumanSession
import InterhumanTesting
import Synchronization
import Testing

/// A session on scripted ports, and all that tests want to look at.
struct SessionFixture {
    let clock = ManualClock()
    let executor: ManualExecutor?
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
        executor: ManualExecutor? = nil, configure: (inout StreamSession.Configuration) -> Void = { _ in }
    ) throws {
        self.credentials = credentials
        self.executor = executor
        connector = ScriptedConnector(attempts)
        self.video = video
        self.audio = audio
        self.encoders = encoders
        var configuration = StreamSession.Configuration(
            credentials: credentials, endpoint: try ServiceEndpoint(baseURL: "wss://service.example"))
        configure(&configuration)
        session = StreamSession(
            configuration: configuration, video: video, audio: audio, encoderFactory: encoders,
            connector: connector, clock: clock, executor: executor)
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

    /// Runs the session to its end, step by step, on a clock that jumps from one deadline to the next; `script` runs
    /// beside it. Needs an executor.
    func runToEnd(while script: @escaping @Sendable () async -> Void = {}) async throws -> Account {
        let executor = try #require(executor)
        let isOver = Mutex(false)
        let whole = Task(executorPreference: executor) { [session] in
            defer { isOver.withLock { $0 = true } }
            return await Account(reading: try await session.start())
        }
        let side = Task(executorPreference: executor) { await script() }
        try #require(executor.run(clock) { isOver.withLock { $0 } }, "nothing moves any more")
        side.cancel()
        executor.runUntilIdle()
        return try await whole.value
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

    /// The media that was lost.
    var gaps: [MediaGap] {
        events.compactMap { if case .gap(let gap) = $0.kind { gap } else { nil } }
    }

    /// The segments that were sent.
    var sent: [SegmentSummary] {
        events.compactMap { if case .segmentSent(let segment) = $0.kind { segment } else { nil } }
    }

    /// Where what was sent and what was told as lost don't fill the session's time exactly once; nil when they do.
    var imbalance: String? {
        let intervals = sent.map { ($0.timeRange, "sent \($0.number)") } + gaps.map { ($0.timeRange, "\($0.cause)") }
        var reached: MediaTime?
        for (range, what) in intervals.sorted(by: { ($0.0.start, $0.0.end) < ($1.0.start, $1.0.end) }) {
            if let reached, range.start != reached { return "\(what) begins at \(range.start), not at \(reached)" }
            reached = range.end
        }
        let told = intervals.reduce(Duration.zero) { $0 + $1.0.duration }
        let summed = (summary?.timeSent ?? .zero) + (summary?.timeLost ?? .zero)
        return told == summed ? nil : "the summary has \(summed) instead of \(told)"
    }

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
