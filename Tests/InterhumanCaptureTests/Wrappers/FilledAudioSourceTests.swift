import InterhumanCapture
import InterhumanCore
import InterhumanTesting
import Testing

/// Gaps of sound, filled to the sample. One sample lasts a millisecond.
@Suite(.timeLimit(.minutes(5))) struct FilledAudioSourceTests {
    private let clock = ManualClock()
    private let base = LiveAudio()

    /// So many samples from the chunks to come, which must follow each other without a hole.
    private func read(
        _ count: Int, from chunks: inout MediaSequence<AudioChunk, CaptureError>.Iterator, at begin: MediaTime
    ) async throws -> [Int16] {
        var samples: [Int16] = []
        while samples.count < count, let chunk = try await chunks.next() {
            #expect(chunk.captureTime == begin + .milliseconds(samples.count))
            guard case .int16(let added) = chunk.samples else { continue }
            samples += added
        }
        return samples
    }

    @Test func aGapIsSilenceToTheSample() async throws {
        let source = FilledAudioSource(base, clock: clock)
        let stream = try await source.start()
        var chunks = stream.chunks.makeAsyncIterator()
        let begin = clock.now
        base.give([Int16](repeating: 5, count: 30), at: begin)
        #expect(try await read(30, from: &chunks, at: begin).allSatisfy { $0 == 5 })
        // Nothing until 1 s: patience leaves the last half second to the source.
        async let first = stream.chunks.following()
        await clock.waitForSleeper(until: begin + .milliseconds(530))
        clock.advance(to: begin + .seconds(1))
        #expect(try await first?.captureTime == begin + .milliseconds(30))
        let silence = try await read(460, from: &chunks, at: begin + .milliseconds(50))
        #expect(silence.count == 460 && silence.allSatisfy { $0 == 0 })
        // It comes back with samples of which the first 25 are late, or after a further hole.
        base.give([Int16](repeating: 6, count: 40), at: begin + .milliseconds(485))
        #expect(try await read(15, from: &chunks, at: begin + .milliseconds(510)) == [Int16](repeating: 6, count: 15))
        #expect(source.statistics.gaps == 1 && source.statistics.filled == 480 && source.statistics.skipped == 25)
        await source.stop()
    }

    @Test func whatIsMissingBeforeTheReturnIsSilenceToo() async throws {
        let source = FilledAudioSource(base, clock: clock)
        let stream = try await source.start()
        var chunks = stream.chunks.makeAsyncIterator()
        let begin = clock.now
        async let first = stream.chunks.following()
        // Not a single sample came: the track begins with the start.
        await clock.waitForSleeper(until: begin + .milliseconds(500))
        clock.advance(to: begin + .milliseconds(500))
        #expect(try await first?.captureTime == begin)
        base.give([Int16](repeating: 6, count: 10), at: begin + .milliseconds(250))
        let samples = try await read(240, from: &chunks, at: begin + .milliseconds(20))
        #expect(samples.prefix(230).allSatisfy { $0 == 0 } && samples.suffix(10).allSatisfy { $0 == 6 })
        #expect(source.statistics.filled == 250)
        await source.stop()
    }

    @Test func afterAFailureSilenceGoesOnWhereThePolicySaysSo() async throws {
        var policy = FillingPolicy()
        policy.outlastsFailure = true
        let source = FilledAudioSource(base, policy: policy, clock: clock)
        let stream = try await source.start()
        var chunks = stream.chunks.makeAsyncIterator()
        let begin = clock.now
        base.give([Int16](repeating: 5, count: 20), at: begin)
        #expect(try await read(20, from: &chunks, at: begin).count == 20)
        base.fail()
        clock.advance(by: .seconds(3))
        let silence = try await read(2_480, from: &chunks, at: begin + .milliseconds(20))
        #expect(silence.allSatisfy { $0 == 0 })
        await source.stop()
        #expect(try await chunks.next() == nil)
    }
}
