import InterhumanCore
import InterhumanTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ManualClockTests {
    @Test("a sleeper wakes when the clock reaches its deadline, not before")
    func wakes() async throws {
        let clock = ManualClock(now: .zero)
        let sleeper = Task { try await clock.sleep(until: MediaTime(seconds: 2)) }
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
        #expect(clock.deadlines == [MediaTime(seconds: 2)])
        clock.advance(by: .seconds(1))
        try await sleeper.value
        #expect(clock.deadlines.isEmpty)
    }

    @Test("a deadline in the past doesn't wait")
    func past() async throws {
        let clock = ManualClock(now: MediaTime(seconds: 5))
        try await clock.sleep(until: MediaTime(seconds: 5))
        #expect(clock.deadlines.isEmpty)
    }

    @Test("a cancelled sleeper throws and is gone")
    func cancelled() async {
        let clock = ManualClock()
        let deadline = clock.now + .seconds(1)
        let sleeper = Task { try await clock.sleep(until: deadline) }
        await clock.waitForSleeper(until: deadline)
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        #expect(clock.deadlines.isEmpty)
    }

    @Test("one step wakes everyone whose deadline it passes")
    func order() async throws {
        let clock = ManualClock(now: .zero)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for seconds in [3.0, 1.0, 2.0] {
                group.addTask { try await clock.sleep(until: MediaTime(seconds: seconds)) }
            }
            await clock.waitForSleepers(3)
            #expect(clock.deadlines == [1.0, 2.0, 3.0].map { MediaTime(seconds: $0) })
            clock.advance(to: MediaTime(seconds: 2))
            #expect(clock.deadlines == [MediaTime(seconds: 3)])
            clock.advance(to: MediaTime(seconds: 3))
            try await group.waitForAll()
        }
    }

    @Test("the wall clock goes along")
    func wallClock() {
        let clock = ManualClock(now: .zero, wallClockNanoseconds: 7)
        clock.advance(by: .nanoseconds(5))
        #expect(clock.wallClockNanoseconds == 12)
        #expect(clock.now == MediaTime(nanoseconds: 5))
    }
}
