import InterhumanCore
import InterhumanSession
import InterhumanTesting
import Testing

/// Devices that go away for a while.
@Suite(.timeLimit(.minutes(1)))
struct SourceEventTests {
    private func range(_ start: Int, _ end: Int) -> TimeRange {
        TimeRange(start: LiveFixture.base + .seconds(start), end: LiveFixture.base + .seconds(end))
    }

    @Test(
        "a camera and a microphone that go away and come back: both told, the session goes on, nothing is lost silently"
    )
    func lostAndBack() async throws {
        let clock = ManualClock(now: LiveFixture.base)
        let fixture = try LiveFixture(
            seconds: 20, clock: clock,
            video: ArrayVideoSource(
                count: 200, frameRate: 10, base: LiveFixture.base, isLive: true, interruptions: [range(4, 8)],
                clock: clock),
            audio: ArrayAudioSource(
                count: 1_000, base: LiveFixture.base, isLive: true, interruptions: [range(10, 12), range(15, 16)],
                clock: clock))
        let account = try await fixture.run()
        #expect(account.error == nil)
        #expect(account.imbalance == nil)
        let told = account.events.compactMap { event -> String? in
            switch event.kind {
            case .sourceLost(let track, let reason): "\(track.rawValue) lost: \(reason)"
            case .sourceReturned(let track): "\(track.rawValue) back"
            default: nil
            }
        }
        #expect(
            told == [
                "video lost: It was unplugged.", "video back", "audio lost: It was unplugged.", "audio back",
                "audio lost: It was unplugged.", "audio back",
            ])
        #expect(account.summary?.sourceInterruptions == 3)
        #expect(account.summary?.framesEncoded == 160)
        guard case .sessionEnded = account.summary?.completion else {
            Issue.record("it ended with \(String(describing: account.summary?.completion))")
            return
        }
    }

    @Test("a monitor tells losses and returns by turns, whoever reports them, and a bounded number of them")
    func monitor() async throws {
        let monitor = SourceMonitor()
        monitor.report(.returned)
        for number in 0..<200 {
            monitor.report(.lost(reason: "\(number)"))
            monitor.report(.lost(reason: "again"))
            monitor.report(.returned)
            monitor.report(.returned)
        }
        monitor.report(.lost(reason: "last"))
        monitor.finish()
        monitor.report(.returned)
        var events: [SourceEvent] = []
        for await event in monitor.events { events.append(event) }
        #expect(events.count <= 64)
        #expect(events.last == .lost(reason: "last"))
        #expect(monitor.interruptions == 201)
        #expect(monitor.isLost)
        let losses = events.map { $0 != .returned }
        #expect(!zip(losses, losses.dropFirst()).contains(where: ==))
    }
}
