import InterhumanCapture
import InterhumanCore
import InterhumanTesting
import Testing

/// Gaps of pictures, filled by a clock that the test moves.
@Suite(.timeLimit(.minutes(5))) struct FilledVideoSourceTests {
    private let clock = ManualClock()
    private let base = LiveVideo()

    private func value(_ frame: VideoFrame?) -> UInt8? {
        frame?.storage.withPlanes { $0.first?.bytes.first }
    }

    @Test func whatComesInTimePassesUntouched() async throws {
        let source = FilledVideoSource(base, clock: clock)
        let stream = try await source.start()
        var frames = stream.frames.makeAsyncIterator()
        for number: UInt8 in 1...5 {
            clock.advance(by: .milliseconds(100))
            base.give(number, at: clock.now)
            let frame = try #require(try await frames.next())
            #expect(value(frame) == number && frame.sequence == UInt64(number) && frame.captureTime == clock.now)
        }
        await source.stop()
        #expect(try await frames.next() == nil)
        #expect(source.statistics == FillingStatistics())
    }

    @Test func aGapIsTheLastPictureAtTheNominalRateAndThenTheSourceAgain() async throws {
        let source = FilledVideoSource(base, clock: clock)
        let stream = try await source.start()
        var frames = stream.frames.makeAsyncIterator()
        let begin = clock.now
        base.give(1, at: begin)
        #expect(value(try await frames.next()) == 1)
        // Half a second of patience after the picture's end at 0.1 s.
        async let first = stream.frames.following()
        await clock.waitForSleeper(until: begin + .milliseconds(600))
        clock.advance(to: begin + .seconds(1))
        var repeated = try #require(try await first)
        for number in 1...5 {
            #expect(value(repeated) == 1 && repeated.sequence == nil)
            #expect(repeated.captureTime == begin + .milliseconds(100 * number))
            if number < 5 { repeated = try #require(try await frames.next()) }
        }
        // One that comes too late for its place, and one that doesn't.
        base.give(2, at: begin + .milliseconds(450))
        base.give(3, at: begin + .milliseconds(980))
        let back = try #require(try await frames.next())
        #expect(value(back) == 3 && back.captureTime == begin + .milliseconds(980) && back.sequence == 3)
        #expect(source.statistics.gaps == 1 && source.statistics.filled == 5 && source.statistics.skipped == 1)
        await source.stop()
        var events: [FillingEvent] = []
        for await event in source.events { events.append(event) }
        #expect(events == [.began(at: begin + .milliseconds(100)), .ended(at: begin + .milliseconds(600))])
        let monitor = try #require(stream.monitor)
        #expect(monitor.interruptions == 1 && !monitor.isLost)
    }

    @Test func aReaderThatComesLateIsNoGap() async throws {
        let source = FilledVideoSource(base, clock: clock)
        let stream = try await source.start()
        var frames = stream.frames.makeAsyncIterator()
        base.give(1, at: clock.now)
        #expect(value(try await frames.next()) == 1)
        base.give(2, at: clock.now + .milliseconds(100))
        clock.advance(by: .seconds(30))
        #expect(value(try await frames.next()) == 2)
        #expect(source.statistics.gaps == 0)
        await source.stop()
    }

    @Test func theSourcesFailureIsThrownUnlessItIsOutlasted() async throws {
        let source = FilledVideoSource(base, clock: clock)
        let stream = try await source.start()
        base.give(1, at: clock.now)
        base.fail()
        let error = await #expect(throws: CaptureError.self) { for try await _ in stream.frames {} }
        #expect(error?.code == .deviceLost)

        let second = LiveVideo()
        var policy = FillingPolicy()
        policy.outlastsFailure = true
        let lasting = FilledVideoSource(second, policy: policy, clock: clock)
        var frames = try await lasting.start().frames.makeAsyncIterator()
        let begin = clock.now
        second.give(7, at: begin)
        #expect(value(try await frames.next()) == 7)
        second.fail()
        clock.advance(by: .seconds(2))
        for number in 1...14 {
            #expect(try await frames.next()?.captureTime == begin + .milliseconds(100 * number))
        }
        var events = lasting.events.makeAsyncIterator()
        guard case .failed(let told) = await events.next() else {
            Issue.record("the failure is not told")
            return
        }
        #expect(told.code == .deviceLost)
        await lasting.stop()
        #expect(try await frames.next() == nil)
    }

    @Test func h264HasNoPictureThatCouldBeRepeated() async throws {
        let source = FilledVideoSource(base, clock: clock)
        let stream = try await source.start()
        var frames = stream.frames.makeAsyncIterator()
        base.give(1, at: clock.now, .h264)
        _ = try await frames.next()
        clock.advance(by: .seconds(10))
        async let next = stream.frames.following()
        base.give(2, at: clock.now, .h264)
        #expect(value(try await next) == 2)
        #expect(source.statistics.filled == 0)
        await source.stop()
    }

    @Test func cancellingTheReaderEndsItsWaitAndNotTheSource() async throws {
        let source = FilledVideoSource(base, clock: clock)
        let stream = try await source.start()
        let reader = Task { () async throws -> Bool in
            var frames = stream.frames.makeAsyncIterator()
            return try await frames.next() == nil
        }
        reader.cancel()
        #expect(try await reader.value)
        base.give(1, at: clock.now)
        var frames = stream.frames.makeAsyncIterator()
        #expect(value(try await frames.next()) == 1)
        await source.stop()
    }
}
