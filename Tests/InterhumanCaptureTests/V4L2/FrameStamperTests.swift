import CInterhumanV4L2
import InterhumanCore
import Testing

@testable import InterhumanCapture

/// The flag table of capture times.
@Suite struct FrameStamperTests {
    static let exposure = UInt32(V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC | V4L2_BUF_FLAG_TSTAMP_SRC_SOE)
    static let endOfFrame = UInt32(V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC)
    static let copied = UInt32(V4L2_BUF_FLAG_TIMESTAMP_COPY)
    let now = MediaTime(seconds: 500)

    private func time(_ flags: UInt32, _ age: Duration, interval: Duration? = .milliseconds(40)) -> FrameStamper.Stamp {
        var stamper = FrameStamper(interval: interval)
        return stamper.stamp(flags: flags, stamp: now - age, arrival: now)
    }

    @Test func theFlagsDecide() {
        #expect(time(Self.exposure, .milliseconds(50)) == .init(time: now - .milliseconds(50), isRestamped: false))
        #expect(time(Self.endOfFrame, .milliseconds(5)) == .init(time: now - .milliseconds(45), isRestamped: false))
        #expect(time(Self.endOfFrame, .milliseconds(5), interval: nil).time == now - .milliseconds(5))
        // One frame a second has no exposure of a second.
        #expect(time(Self.endOfFrame, .zero, interval: .seconds(1)).time == now - .milliseconds(100))
        for flags in [Self.copied, 0, UInt32(V4L2_BUF_FLAG_TSTAMP_SRC_SOE)] {
            #expect(time(flags, .seconds(3)) == .init(time: now, isRestamped: false))
        }
    }

    @Test func timesThatCannotBeAreTheArrivals() {
        #expect(time(Self.exposure, .seconds(11)) == .init(time: now, isRestamped: true))
        #expect(time(Self.exposure, .seconds(-1)) == .init(time: now, isRestamped: true))
        // A little ahead is the scheduler's doing.
        #expect(time(Self.exposure, .milliseconds(-4)) == .init(time: now, isRestamped: false))
    }

    @Test func repeatedAndBackwardTimesAreReplacedAndAlwaysIncrease() {
        var stamper = FrameStamper(interval: nil)
        var last = stamper.stamp(flags: Self.exposure, stamp: now, arrival: now)
        for (stamp, arrival) in [
            (now, now + .milliseconds(33)), (now - .seconds(1), now + .milliseconds(66)), (now, now),
        ] {
            let next = stamper.stamp(flags: Self.exposure, stamp: stamp, arrival: arrival)
            #expect(next.isRestamped && next.time > last.time)
            last = next
        }
        let good = now + .milliseconds(99)
        #expect(stamper.stamp(flags: Self.exposure, stamp: good, arrival: good).time == good)
    }
}
