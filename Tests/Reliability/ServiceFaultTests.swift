import Foundation
import Interhuman
import InterhumanCore
import InterhumanLocalService
import Synchronization
import TestPrograms
import Testing

private let wantedSeconds = ProcessInfo.processInfo.environment["INTERHUMAN_RELIABILITY_SECONDS"].flatMap { Int($0) }

/// A live session with real sockets and codecs against the local service, which does not behave.
///
/// Runs in real time, so only where `INTERHUMAN_RELIABILITY_SECONDS` says how long each test shall stream: what a busy
/// machine delays by seconds is then part of the experiment. The simulator has the same faults on a clock of its own.
@Suite(.serialized, .enabled(if: wantedSeconds != nil)) struct ServiceFaultTests {
    private static let seconds = wantedSeconds ?? 20

    /// What was told, in the order of media.
    private struct Told {
        /// What ended the session, when it failed.
        var error: SessionError?
        var intervals: [(range: TimeRange, isSent: Bool)] = []
        var events: [SessionEvent] = []

        mutating func take(_ event: SessionEvent) {
            events.append(event)
            switch event.kind {
            case .segmentSent(let segment): intervals.append((segment.timeRange, true))
            case .gap(let gap): intervals.append((gap.timeRange, false))
            default: break
            }
        }

        func count(_ name: String) -> Int { events.count { "\($0.kind)".hasPrefix(name) } }

        /// How much of the captured time is told never or twice, in milliseconds.
        var imbalance: Double {
            var reached: MediaTime?
            var error = 0.0
            for (range, _) in intervals.sorted(by: { $0.range.start < $1.range.start }) {
                if let reached { error += abs((range.start - reached).inSeconds) }
                reached = max(reached ?? range.end, range.end)
            }
            return error * 1_000
        }

        var summary: SessionSummary? {
            if case .ended(let summary) = events.last?.kind { summary } else { nil }
        }
    }

    private func session(
        port: Int, credentials: any CredentialProvider = StaticCredential(Credential("key"))
    ) throws -> StreamSession {
        var configuration = StreamSession.Configuration(
            credentials: credentials,
            endpoint: try ServiceEndpoint(baseURL: "ws://127.0.0.1:\(port)", version: .v1))
        configuration.eventCapacity = 100_000
        var media = SegmentSettings()
        media.videoBitRate = 100_000
        return StreamSession.live(
            configuration: configuration,
            video: TestPatternVideoSource(width: 160, height: 90, frameRate: 5, frameCount: Self.seconds * 5),
            audio: VoiceLikeAudioSource(chunkCount: Self.seconds * 50), media: media)
    }

    private func run(_ session: StreamSession) async throws -> Told {
        var told = Told()
        let events = try await session.start()
        do throws(SessionError) {
            for try await event in events { told.take(event) }
        } catch {
            told.error = error
        }
        return told
    }

    private func check(_ told: Told) {
        #expect(told.imbalance < 1)
        let summary = told.summary
        let total = (summary?.timeSent ?? .zero) + (summary?.timeLost ?? .zero)
        // The tracks begin and end within a frame and a chunk of each other.
        #expect(abs(total.inSeconds - Double(Self.seconds)) < 0.5)
    }

    @Test(
        "the service is killed and started again every few seconds, each time with another key",
        .timeLimit(.minutes(20)))
    func killedService() async throws {
        let free = try await LocalService.start()
        let port = free.port
        await free.shutdown()
        let provider = RotatingCredential()
        let services = Task {
            while !Task.isCancelled {
                let program = try RunningProgram(
                    try BuiltExecutable.path(of: "interhuman"),
                    ["serve", "--plain", "--port", "\(port)", "--api-key", provider.rotate()])
                _ = await program.output.firstLine { $0.contains("ready") }
                provider.isUp.fulfil(())
                do {
                    try await SystemClock().sleep(until: SystemClock().now + .seconds(4))
                } catch {
                    return
                }
                program.send(signal: SIGKILL)
                _ = await program.waitUntilExit()
            }
        }
        await provider.isUp.value()
        let told = try await run(try session(port: port, credentials: provider))
        services.cancel()
        _ = try? await services.value
        check(told)
        // Everything was sent or told; the last drain may fall into a kill, and then results are missing.
        #expect(told.error == nil || told.error?.code == .connection)
        #expect(told.count("reconnected") >= Self.seconds / 10)
        #expect(provider.refreshes > 0)
    }

    @Test("the service's maximum duration is 10 s", .timeLimit(.minutes(20)))
    func maximumDuration() async throws {
        let service = try await LocalService.start(
            LocalServiceConfiguration(limits: ServiceLimits(maximumDuration: .seconds(10))))
        let told = try await run(try session(port: service.port))
        await service.shutdown()
        check(told)
        #expect(told.error == nil)
        #expect(told.summary?.timeLost == .zero)
        #expect(told.count("rolledOver") >= Self.seconds / 10)
        #expect(told.count("reconnecting") == 0)
    }
}

/// A provider whose key goes stale when the service changes its own.
private final class RotatingCredential: CredentialProvider {
    private let state = Mutex((number: 0, cached: 0, refreshes: 0))
    let isUp = OneShot<Void>()

    /// Makes the service's next key.
    func rotate() -> String {
        state.withLock { state in
            state.number += 1
            return "key-\(state.number)"
        }
    }

    var refreshes: Int { state.withLock { $0.refreshes } }

    func credential(refreshing: Bool) async throws(CredentialError) -> Credential {
        state.withLock { state in
            if refreshing || state.cached == 0 { state.cached = state.number }
            if refreshing { state.refreshes += 1 }
            return Credential("key-\(state.cached)")
        }
    }
}
