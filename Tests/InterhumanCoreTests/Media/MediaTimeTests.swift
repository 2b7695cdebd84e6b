import InterhumanCore
import Testing

@Suite struct MediaTimeTests {
    @Test func secondsAreRoundedToNanoseconds() {
        #expect(MediaTime(seconds: 1.5).nanoseconds == 1_500_000_000)
        #expect(MediaTime(seconds: 0.000_000_000_6).nanoseconds == 1)
        #expect(MediaTime(seconds: -0.1).nanoseconds == -100_000_000)
        #expect(MediaTime(nanoseconds: 2_500_000_000).seconds == 2.5)
    }

    /// A peer may say any time it likes.
    @Test func secondsThatNoClockHasAreClamped() {
        #expect(MediaTime(seconds: 1e300).nanoseconds == .max)
        #expect(MediaTime(seconds: -1e300).nanoseconds == .min)
        #expect(MediaTime(seconds: .infinity).nanoseconds == .max)
        #expect(MediaTime(seconds: .nan).nanoseconds == 0)
        #expect(MediaTime(seconds: 9_223_372_036.9).nanoseconds == .max)
    }

    @Test func arithmeticKeepsNanoseconds() {
        let start = MediaTime(nanoseconds: 10_000_000_001)
        #expect(start + .milliseconds(3) == MediaTime(nanoseconds: 10_003_000_001))
        #expect(start - .nanoseconds(2) == MediaTime(nanoseconds: 9_999_999_999))
        #expect(start - MediaTime(nanoseconds: 10_000_000_000) == .nanoseconds(1))
        #expect(MediaTime.zero - start == .nanoseconds(-10_000_000_001))
        #expect(MediaTime.zero < start)
        #expect(start.description == "10.000000001 s")
    }

    /// "For ever" as a duration is a time that never comes, not one that has passed.
    @Test func arithmeticEndsWhereTheClockEnds() {
        let now = MediaTime(seconds: 1_000)
        #expect(now + .seconds(Int64.max) == MediaTime(nanoseconds: .max))
        #expect(now - .seconds(Int64.min) == MediaTime(nanoseconds: .max))
        #expect(MediaTime(seconds: -1_000) + .seconds(Int64.min) == MediaTime(nanoseconds: .min))
        #expect(MediaTime(seconds: -1_000) - .seconds(Int64.max) == MediaTime(nanoseconds: .min))
        #expect(MediaTime(nanoseconds: .max) + .nanoseconds(1) == MediaTime(nanoseconds: .max))
        #expect(MediaTime(nanoseconds: .min) - .nanoseconds(1) == MediaTime(nanoseconds: .min))
    }

    /// A duration has room for the whole clock.
    @Test func differencesAreExact() {
        let (first, last) = (MediaTime(nanoseconds: .min), MediaTime(nanoseconds: .max))
        #expect(last - first == .nanoseconds(Int64.max) - .nanoseconds(Int64.min))
        #expect(first - last == .nanoseconds(Int64.min) - .nanoseconds(Int64.max))
        #expect(TimeRange(start: first, end: last).duration == last - first)
    }

    @Test func durationsAsNanosecondsAndSeconds() {
        #expect(Duration.seconds(3).nanoseconds == 3_000_000_000)
        #expect(Duration.nanoseconds(-1).nanoseconds == -1)
        #expect((Duration.seconds(-1) - .nanoseconds(1)).nanoseconds == -1_000_000_001)
        #expect(Duration.milliseconds(1500).inSeconds == 1.5)
        #expect(Duration.milliseconds(-250).inSeconds == -0.25)
    }

    @Test func durationsBeyond292YearsAreClamped() {
        #expect(Duration.seconds(Int64.max / 2).nanoseconds == .max)
        #expect(Duration.seconds(Int64.min / 2).nanoseconds == .min)
    }

    @Test func rangesAreNeverNegative() {
        let range = TimeRange(start: MediaTime(seconds: 2), end: MediaTime(seconds: 1))
        #expect(range.duration == .zero)
        #expect(TimeRange(start: .zero, end: MediaTime(seconds: 1)).duration == .seconds(1))
    }

    @Test func systemClockRunsForward() async throws {
        let clock = SystemClock()
        let before = clock.now
        try await clock.sleep(until: before + .milliseconds(2))
        #expect(clock.now >= before + .milliseconds(2))
        #expect(clock.wallClockNanoseconds > 1_600_000_000_000_000_000)
        // A deadline that has passed is no wait at all.
        try await clock.sleep(until: .zero)
    }
}
