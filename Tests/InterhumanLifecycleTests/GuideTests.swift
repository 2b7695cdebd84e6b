import InterhumanCore
import InterhumanLifecycle
import InterhumanSession
import InterhumanTesting
import Logging
import ServiceLifecycle
import Testing
import UnixSignals

/// The code of Documentation/Guides/Observing.md; Tests/InterhumanTestingTests compares it.
@Suite(.timeLimit(.minutes(1)))
struct GuideTests {
    @Test("a session in a service group")
    func lifecycle() async throws {
        let store = { @Sendable (signals: [Timed<SignalObservation>]) async in _ = signals }
        let session = StreamSession(
            configuration: StreamSession.Configuration(
                credentials: StaticCredential(Credential("key")),
                endpoint: try ServiceEndpoint(baseURL: "wss://service.example")),
            video: ArrayVideoSource(count: 100), audio: nil, encoderFactory: PassthroughSegmentEncoderFactory(),
            connector: ScriptedConnector([.accept(.wellBehaved())]))
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        // A group treats the end of a service as a failure unless told otherwise; here it is all there is.
        let error = await #expect(throws: ServiceGroupError.self) {
            let service = StreamSessionService(session) { event in
                if case .signalDetected(let signals) = event.kind { await store(signals) }
            }
            try await ServiceGroup(services: [service], gracefulShutdownSignals: [.sigterm], logger: logger).run()
        }
        #expect(error == .serviceFinishedUnexpectedly())
        #expect(await session.statistics.segmentsSent == 2)
    }
}
