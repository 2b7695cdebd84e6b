import InterhumanCore
import InterhumanLifecycle
import InterhumanSession
import InterhumanTesting
import ServiceLifecycle
import ServiceLifecycleTestKit
import Synchronization
import Testing

/// A session among the services of a program.
@Suite(.timeLimit(.minutes(1)))
struct StreamSessionServiceTests {
    private let connector = ScriptedConnector([.accept(.wellBehaved())])
    /// Two segments, then silence, as of a device.
    private let video = ArrayVideoSource(count: 200, ending: .staysOpen)

    private func session(_ connector: (any AnalysisConnector)? = nil) throws -> StreamSession {
        StreamSession(
            configuration: StreamSession.Configuration(
                credentials: StaticCredential(Credential("key")),
                endpoint: try ServiceEndpoint(baseURL: "wss://service.example")),
            video: video, audio: nil, encoderFactory: PassthroughSegmentEncoderFactory(),
            connector: connector ?? self.connector)
    }

    @Test("graceful shutdown is finish(): what was captured is sent, the last results come, nothing is thrown")
    func gracefulShutdown() async throws {
        let session = try session()
        let summary = Mutex<SessionSummary?>(nil)
        try await testGracefulShutdown { trigger in
            try await StreamSessionService(session) { event in
                switch event.kind {
                case .segmentSent(let segment) where segment.number == 1: trigger.triggerGracefulShutdown()
                case .ended(let end): summary.withLock { $0 = end }
                default: break
                }
            }.run()
        }
        let end = try #require(summary.withLock { $0 })
        guard case .sessionEnded = end.completion else {
            Issue.record("it ended with \(end.completion)")
            return
        }
        // 200 frames at 30 a second: two whole segments and what was left.
        #expect(end.segmentsSent == 3)
        #expect(video.isStopped)
    }

    @Test("the session alone is a service, and others read its events")
    func conformance() async throws {
        let session = try session()
        let events = session.subscribe()
        try await testGracefulShutdown { trigger in
            async let done: Void = session.run()
            var last: SessionEvent?
            for try await event in events {
                if case .segmentSent(let segment) = event.kind, segment.number == 1 {
                    trigger.triggerGracefulShutdown()
                }
                last = event
            }
            try await done
            guard case .ended = last?.kind else {
                Issue.record("the last event is \(String(describing: last))")
                return
            }
        }
    }

    @Test("a shutdown before the session has begun is no failure")
    func earlyShutdown() async throws {
        let connector = ScriptedConnector([.hang])
        let session = try session(connector)
        try await testGracefulShutdown { trigger in
            async let done: Void = session.run()
            _ = await connector.request()
            trigger.triggerGracefulShutdown()
            try await done
        }
    }

    @Test("a shutdown that ends the session before the service has called start() is no failure")
    func shutdownBeforeStart() async throws {
        let session = try session()
        try await testGracefulShutdown { trigger in
            trigger.triggerGracefulShutdown()
            await session.finish()
            try await session.run()
        }
    }

    @Test("what the session throws, the service throws")
    func failure() async throws {
        let session = try session(ScriptedConnector([]))
        let error = await #expect(throws: SessionError.self) { try await session.run() }
        #expect(error?.code == .connection)
    }

    @Test("what the receiver throws cancels the session; so does cancelling the service's task")
    func cancellation() async throws {
        struct Enough: Error {}
        let first = try session()
        await #expect(throws: Enough.self) {
            try await StreamSessionService(first) { event in
                if case .segmentSent = event.kind { throw Enough() }
            }.run()
        }
        let connection = try #require(await connector.connection())
        #expect(connection.isClosedByClient)

        let second = StreamSession(
            configuration: StreamSession.Configuration(
                credentials: StaticCredential(Credential("key")),
                endpoint: try ServiceEndpoint(baseURL: "wss://service.example")),
            video: ArrayVideoSource(count: 200, ending: .staysOpen), audio: nil,
            encoderFactory: PassthroughSegmentEncoderFactory(),
            connector: ScriptedConnector([.accept(.wellBehaved())]))
        let sent = OneShot<Void>()
        let run = Task {
            try await StreamSessionService(second) { event in
                if case .segmentSent = event.kind { sent.fulfil(()) }
            }.run()
        }
        await sent.value()
        run.cancel()
        try await run.value
        let statistics = await second.statistics
        #expect(!statistics.isConnected)
    }
}
