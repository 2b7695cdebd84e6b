import InterhumanCore
import Testing

@Suite("Sources with a limit")
struct LimitedSourceTests {
    @Test("Pictures end where the limit is, counted from the first")
    func video() async throws {
        let base = TestPatternVideoSource(
            frameRate: 10, pacing: .asFastAsPulled, base: MediaTime(seconds: 100))
        let source = LimitedVideoSource(base, limit: .milliseconds(1_500))
        var times: [MediaTime] = []
        for try await frame in try await source.start().frames { times.append(frame.captureTime) }
        #expect(times.count == 15)
        #expect(times.last == MediaTime(seconds: 101.4))
    }

    @Test("Sound ends to the sample, in the middle of a chunk")
    func audio() async throws {
        let base = VoiceLikeAudioSource(pacing: .asFastAsPulled, base: MediaTime(seconds: 100))
        let source = LimitedAudioSource(base, limit: .milliseconds(50))
        var counts: [Int] = []
        for try await chunk in try await source.start().chunks { counts.append(chunk.frameCount) }
        #expect(counts == [960, 960, 480])
    }

    @Test("Tracks that begin at different times end together, whichever is read first", arguments: [true, false])
    func together(videoFirst: Bool) async throws {
        let limit = MediaLimit(.seconds(1))
        let video = try await LimitedVideoSource(
            TestPatternVideoSource(frameRate: 10, pacing: .asFastAsPulled, base: MediaTime(seconds: 100.06)),
            limit: limit
        ).start().frames
        let audio = try await LimitedAudioSource(
            VoiceLikeAudioSource(pacing: .asFastAsPulled, base: MediaTime(seconds: 100)), limit: limit
        ).start().chunks
        var (pictures, sound) = (video.makeAsyncIterator(), audio.makeAsyncIterator())
        if videoFirst { #expect(try await pictures.next() != nil) }
        var samples = 0
        while let chunk = try await sound.next() { samples += chunk.frameCount }
        #expect(samples == 48_000)
        var last = MediaTime.zero
        while let frame = try await pictures.next() { last = frame.captureTime }
        #expect(last == MediaTime(seconds: 100.96))
    }

    @Test("A source that ends before the limit just ends")
    func short() async throws {
        let source = LimitedAudioSource(
            VoiceLikeAudioSource(chunkCount: 2, pacing: .asFastAsPulled), limit: .seconds(1))
        var count = 0
        for try await _ in try await source.start().chunks { count += 1 }
        #expect(count == 2)
    }

    @Test("Stopping reaches the source behind")
    func stop() async throws {
        let source = LimitedVideoSource(TestPatternVideoSource(pacing: .asFastAsPulled), limit: .seconds(10))
        let frames = try await source.start().frames
        var iterator = frames.makeAsyncIterator()
        #expect(try await iterator.next() != nil)
        await source.stop()
        #expect(try await iterator.next() == nil)
    }

    @Test("Silence is silent and as long as asked for")
    func silence() async throws {
        let source = SilentAudioSource(duration: .milliseconds(90), pacing: .asFastAsPulled)
        var (count, loud) = (0, false)
        for try await chunk in try await source.start().chunks {
            count += chunk.frameCount
            guard case .int16(let samples) = chunk.samples else { continue }
            loud = loud || samples.contains { $0 != 0 }
        }
        #expect(count == 4_800)
        #expect(!loud)
    }
}
