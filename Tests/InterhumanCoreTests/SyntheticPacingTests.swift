import InterhumanCore
import Synchronization
import Testing

/// Both synthetic sources in real time, on a clock that tells how long it was asked to sleep.
@Suite(.timeLimit(.minutes(1)))
struct SyntheticPacingTests {
    /// A clock on which sleeping takes no time: it jumps to the deadline and notes it.
    private final class JumpingClock: MediaClock {
        private let state = Mutex((now: MediaTime(seconds: 10), deadlines: [MediaTime]()))

        var now: MediaTime { state.withLock { $0.now } }
        var wallClockNanoseconds: Int64 { 0 }
        var deadlines: [MediaTime] { state.withLock { $0.deadlines } }

        func sleep(until deadline: MediaTime) async throws(CancellationError) {
            state.withLock { state in
                state.deadlines.append(deadline)
                state.now = max(state.now, deadline)
            }
        }
    }

    /// A clock on which nobody ever wakes.
    private struct StoppedClock: MediaClock {
        let asleep = AsyncStream<Void>.makeStream()

        var now: MediaTime { .zero }
        var wallClockNanoseconds: Int64 { 0 }

        func sleep(until deadline: MediaTime) async throws(CancellationError) {
            asleep.continuation.yield()
            for await _ in AsyncStream<Void>(unfolding: { Task.isCancelled ? nil : await never() }) {}
            throw CancellationError()
        }

        private func never() async -> Void? {
            let (stream, continuation) = AsyncStream<Void>.makeStream()
            return await withTaskCancellationHandler {
                var iterator = stream.makeAsyncIterator()
                return await iterator.next()
            } onCancel: {
                continuation.finish()
            }
        }
    }

    @Test("a frame comes when its time has come, a chunk when its last sample has")
    func realTime() async throws {
        let base = MediaTime(seconds: 10)
        let clock = JumpingClock()
        let video = try await TestPatternVideoSource(
            width: 64, height: 48, frameRate: 10, frameCount: 4, clock: clock
        ).start()
        #expect(video.isLive)
        for try await frame in video.frames { #expect(frame.captureTime == clock.now) }
        #expect(clock.deadlines == (1...3).map { base + .milliseconds(100) * $0 })

        let audioClock = JumpingClock()
        let audio = try await VoiceLikeAudioSource(chunkCount: 3, clock: audioClock).start()
        for try await chunk in audio.chunks { #expect(chunk.captureTime + chunk.duration == audioClock.now) }
        #expect(audioClock.deadlines == (1...3).map { base + .milliseconds(20) * $0 })
    }

    @Test("as fast as pulled, nobody sleeps")
    func unpaced() async throws {
        let clock = JumpingClock()
        let stream = try await VoiceLikeAudioSource(chunkCount: 50, pacing: .asFastAsPulled, clock: clock).start()
        #expect(!stream.isLive)
        var count = 0
        for try await _ in stream.chunks { count += 1 }
        #expect(count == 50)
        #expect(clock.deadlines.isEmpty)
    }

    @Test("stop() and cancellation wake a reader that waits", arguments: [true, false])
    func wakes(byStop: Bool) async throws {
        let clock = StoppedClock()
        let source = VoiceLikeAudioSource(clock: clock)
        let stream = try await source.start()
        let reader = Task {
            var iterator = stream.chunks.makeAsyncIterator()
            return try await iterator.next() == nil
        }
        var asleep = clock.asleep.stream.makeAsyncIterator()
        await asleep.next()
        if byStop { await source.stop() } else { reader.cancel() }
        #expect(try await reader.value)
    }
}
