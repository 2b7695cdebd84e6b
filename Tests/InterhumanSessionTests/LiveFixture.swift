import InterhumanCore
import InterhumanSession
import InterhumanTesting
import Synchronization
import Testing

/// A session with live sources on a clock that moves by itself, against a simulated service.
struct LiveFixture {
    static let base = MediaTime(seconds: 1_000)

    let clock: ManualClock
    let executor = ManualExecutor()
    let connector: SimulatedConnector
    let encoders: PassthroughSegmentEncoderFactory
    let session: StreamSession

    /// - Parameters:
    ///   - links: How the attempts go; beyond the last all is well.
    ///   - clock: The clock that sources of one's own are paced by.
    init(
        seconds: Int = 30, isLive: Bool = true, clock: ManualClock = ManualClock(now: LiveFixture.base),
        video: ArrayVideoSource? = nil, audio: ArrayAudioSource? = nil, links: [SimulatedLink] = [],
        encoders: PassthroughSegmentEncoderFactory = PassthroughSegmentEncoderFactory(
            segmentDuration: .seconds(1), padding: 1_000),
        configure: (inout StreamSession.Configuration) -> Void = { _ in }
    ) throws {
        self.encoders = encoders
        self.clock = clock
        connector = SimulatedConnector(clock: clock) { $0 <= links.count ? links[$0 - 1] : SimulatedLink() }
        var configuration = StreamSession.Configuration(
            credentials: RecordingCredentialProvider(repeating: .test),
            endpoint: try ServiceEndpoint(baseURL: "wss://service.example"))
        configuration.eventCapacity = 100_000
        configuration.reconnect.jitterSeed = 1
        configure(&configuration)
        let video =
            video
            ?? ArrayVideoSource(
                count: seconds * 10, frameRate: 10, base: Self.base, isLive: isLive, clock: isLive ? clock : nil)
        let audio =
            audio
            ?? ArrayAudioSource(
                count: seconds * 50, base: Self.base, isLive: isLive, clock: isLive ? clock : nil)
        session = StreamSession(
            configuration: configuration, video: video, audio: audio, encoderFactory: encoders, connector: connector,
            clock: clock, executor: executor)
    }

    /// Runs the session to its end; `script` runs beside it.
    func run(while script: @escaping @Sendable (StreamSession, ManualClock) async throws -> Void = { _, _ in })
        async throws -> Account
    {
        let isOver = Mutex(false)
        let whole = Task(executorPreference: executor) { [session] in
            defer { isOver.withLock { $0 = true } }
            return await Account(reading: try await session.start())
        }
        let side = Task(executorPreference: executor) { [session, clock] in try await script(session, clock) }
        try #require(executor.run(clock) { isOver.withLock { $0 } }, "nothing moves any more")
        side.cancel()
        executor.runUntilIdle()
        return try await whole.value
    }
}

extension ManualClock {
    /// Sleeps until so many seconds after ``LiveFixture/base``.
    func sleep(untilSecond second: Double) async throws {
        try await sleep(until: LiveFixture.base + .seconds(second))
    }
}
