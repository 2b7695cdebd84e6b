import InterhumanCore
import InterhumanTesting
import Testing

@testable import InterhumanSession

/// Making do with a slow uplink: down in time, up when there is room, and never back and forth.
@Suite(.timeLimit(.minutes(1)))
struct AdaptationTests {
    /// An uplink and an encoder in numbers: what is made goes into a queue that the network empties.
    private struct Uplink {
        var controller = AdaptationController(policy: AdaptationPolicy())
        var now = MediaTime.zero
        /// Seconds of media that wait, and the bytes of each.
        var queue: [(age: Double, bytes: Double)] = []
        var changes: [(at: Double, level: Int)] = []
        var oldest = 0.0

        /// Lets seconds pass in which the network takes `share` of what the full rate makes.
        mutating func run(seconds: Int, share: Double) {
            let levels = AdaptationPolicy().levels
            for _ in 0..<seconds {
                now = now + .seconds(1)
                queue = queue.map { ($0.age + 1, $0.bytes) } + [(0, 100_000 * levels[controller.level].bitRate)]
                var room = 100_000 * share
                let wasBusy = (queue.first?.bytes ?? 0) > 0 && queue.count > 1
                while room > 0, var first = queue.first {
                    let taken = min(room, first.bytes)
                    room -= taken
                    first.bytes -= taken
                    if first.bytes < 1 { queue.removeFirst() } else { queue[0] = first }
                }
                oldest = max(oldest, queue.first?.age ?? 0)
                let reading = AdaptationController.Reading(
                    queueAge: .seconds(queue.first?.age ?? 0), sendRate: wasBusy ? 100_000 * share : nil,
                    mediaRate: 100_000 * levels[controller.level].bitRate, isConnected: true)
                if let level = controller.take(reading, at: now) { changes.append((now.seconds, level)) }
            }
        }
    }

    @Test("a third of the bit rate and back: down at once to what fits, up again, all the way")
    func throttled() {
        var uplink = Uplink()
        uplink.run(seconds: 60, share: 2)
        #expect(uplink.changes.isEmpty)
        uplink.run(seconds: 300, share: 1.0 / 3)
        #expect(uplink.changes.first.map { $0.at < 75 && AdaptationPolicy().levels[$0.level].bitRate <= 0.3 } == true)
        #expect(uplink.oldest < 25)
        uplink.run(seconds: 1_800, share: 2)
        #expect(uplink.controller.level == 0)
    }

    @Test(
        "an hour at any speed: rare changes, rarer with time, and what waits stays short",
        arguments: [0.05, 0.1, 0.15, 0.2, 0.3, 1.0 / 3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99, 1.01, 1.5])
    func steady(share: Double) {
        var uplink = Uplink()
        uplink.run(seconds: 3_600, share: share)
        // A level that failed is tried every five minutes at the most.
        #expect(uplink.changes.count <= 48)
        #expect(uplink.changes.filter { $0.at > 1_800 }.count <= 18)
        if share > 0.1 { #expect(uplink.oldest < 60) }
        if share >= 1 { #expect(uplink.changes.isEmpty) }
    }

    @Test("an outage is no slow uplink")
    func outage() {
        var controller = AdaptationController(policy: AdaptationPolicy())
        let reading = AdaptationController.Reading(
            queueAge: .seconds(100), sendRate: 1, mediaRate: 100_000, isConnected: false)
        for second in 0..<100 { #expect(controller.take(reading, at: MediaTime(seconds: Double(second))) == nil) }
    }

    @Test("a session lowers its encoder, tells each step, loses nothing, and climbs back")
    func session() async throws {
        var link = SimulatedLink()
        link.bytesPerSecond = 300_000
        link.speedChanges = [(.seconds(20), 33_000), (.seconds(90), 300_000)]
        let fixture = try LiveFixture(
            seconds: 240, links: [link],
            encoders: PassthroughSegmentEncoderFactory(segmentDuration: .seconds(1), padding: 100_000))
        let account = try await fixture.run()
        #expect(account.error == nil)
        #expect(account.gaps.isEmpty)
        #expect(account.imbalance == nil)
        let steps = account.events.compactMap { event -> Adaptation? in
            if case .adapted(let step) = event.kind { step } else { nil }
        }
        #expect(steps.first.map { $0.from == 0 && $0.level.bitRate <= 0.35 } == true)
        #expect(steps.last?.to == 0)
        #expect(steps.count <= 14)
        let asked = try #require(fixture.encoders.encoders.first).adjustments
        #expect(asked.count == steps.count)
        #expect(asked.first?.videoBitRate == steps.first.map { Int($0.level.bitRate * 1_000_000) })
        #expect(
            asked.last
                == AdaptationLevel().adjustment(
                    of: EncoderDescription.Video(width: 16, height: 16, maximumFrameRate: 10, bitRate: 1_000_000)))
    }
}
