import InterhumanCore
import InterhumanTesting
import Synchronization

@testable import InterhumanSession

/// One real session on a clock and an executor of its own, run to its end against a plan.
struct Simulation {
    let plan: SimulationPlan
    let clock = ManualClock(now: Simulation.start)
    let executor: ManualExecutor
    let connector: SimulatedConnector
    let encoders = PassthroughSegmentEncoderFactory(segmentDuration: .seconds(1), padding: 200)
    let video: ArrayVideoSource
    let audio: ArrayAudioSource?
    let session: StreamSession

    static let start = MediaTime(seconds: 1_000)

    init(_ plan: SimulationPlan) throws {
        self.plan = plan
        executor = ManualExecutor(seed: plan.seed)
        connector = SimulatedConnector(clock: clock) { plan.link($0) }
        let lost = CaptureError(.deviceLost, operation: "read the camera", message: "It was unplugged.")
        let live: ManualClock? = plan.isLive ? clock : nil
        video = ArrayVideoSource(
            count: 5 * (plan.losesCameraAfter ?? plan.mediaSeconds), frameRate: 5, base: Self.start,
            ending: plan.losesCameraAfter == nil ? .ends : .fails(lost), isLive: plan.isLive,
            interruptions: Self.ranges(plan.cameraOutages), clock: live)
        audio =
            plan.hasAudio
            ? ArrayAudioSource(
                Self.chunks(plan.mediaSeconds * 5), isLive: plan.isLive,
                interruptions: Self.ranges(plan.microphoneOutages), clock: live) : nil
        var configuration = StreamSession.Configuration(
            credentials: RecordingCredentialProvider(repeating: Credential("key")),
            endpoint: try ServiceEndpoint(baseURL: "wss://service.example"))
        configuration.outbox = plan.outbox
        configuration.eventCapacity = 100_000
        configuration.reconnect.jitterSeed = plan.seed
        configuration.reconnect.appliesToStart = true
        configuration.reconnect.outageBudget = plan.budgetSeconds.map { .seconds($0) }
        configuration.timing.stallLimit = .seconds(20)
        configuration.rollover.order = plan.drainsFirst ? .drainFirst : .automatic
        session = StreamSession(
            configuration: configuration, video: video, audio: audio, encoderFactory: encoders,
            connector: connector, clock: clock, executor: executor)
    }

    private static func ranges(_ outages: [Range<Int>]) -> [TimeRange] {
        outages.map { TimeRange(start: start + .seconds($0.lowerBound), end: start + .seconds($0.upperBound)) }
    }

    private static func chunks(_ count: Int) -> [AudioChunk] {
        let silence = AudioSamples.int16([Int16](repeating: 0, count: 1_600))
        return (0..<count).map {
            AudioChunk(
                format: AudioFormat(sampleRate: 8_000, channelCount: 1),
                captureTime: start + .milliseconds(200) * $0, samples: silence)
        }
    }

    /// What the user was told, or the error of `start()`; nil when it never ended.
    func run() -> (account: Account, finishedAfter: Duration?)? {
        let outcome = Mutex<Account?>(nil)
        let finished = Mutex<(asked: MediaTime, returned: MediaTime?)?>(nil)
        let whole = Task(executorPreference: executor) { [session] in
            do throws(SessionError) {
                let events = try await session.start()
                let account = await Account(reading: events)
                outcome.withLock { $0 = account }
            } catch {
                outcome.withLock { $0 = Account(failing: error) }
            }
        }
        let user = Task(executorPreference: executor) { [session, clock, plan] in
            for (time, act) in plan.acts.sorted(by: { $0.at < $1.at }) {
                do { try await clock.sleep(until: Self.start + .milliseconds(time)) } catch { return }
                switch act {
                case .pause: await session.pause()
                case .resume: await session.resume()
                case .cancel: await session.cancel()
                case .finish:
                    let asked = clock.now
                    finished.withLock { $0 = (asked, nil) }
                    await session.finish()
                    finished.withLock { $0 = (asked, clock.now) }
                }
            }
        }
        let isOver = executor.run(clock, notAfter: Self.start + .seconds(20_000)) { outcome.withLock { $0 != nil } }
        user.cancel()
        executor.runUntilIdle()
        _ = whole
        guard isOver, let account = outcome.withLock({ $0 }) else { return nil }
        let finishedAfter = finished.withLock { $0 }.flatMap { turn in turn.returned.map { $0 - turn.asked } }
        return (account, finishedAfter)
    }
}

extension Account {
    /// The account of a session whose start failed.
    init(failing error: SessionError) {
        self.error = error
    }
}
