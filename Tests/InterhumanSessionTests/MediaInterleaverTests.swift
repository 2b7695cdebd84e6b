import InterhumanCore
import InterhumanTesting
import Testing

@testable import InterhumanSession

/// The order in which two tracks come out, and who waits for whom.
@Suite(.timeLimit(.minutes(1)))
struct MediaInterleaverTests {
    private let clock = ManualClock(now: .zero)

    private func frame(_ seconds: Double) -> MediaInterleaver.Step {
        .frame(
            VideoFrame(
                format: VideoFormat(width: 2, height: 2, pixelFormat: .gray8),
                captureTime: MediaTime(seconds: seconds), storage: OwnedVideoStorage(planes: [])))
    }

    private func chunk(_ seconds: Double) -> MediaInterleaver.Step {
        .chunk(
            AudioChunk(
                format: AudioFormat(sampleRate: 48_000, channelCount: 1), captureTime: MediaTime(seconds: seconds),
                samples: .int16([])))
    }

    /// Puts elements and ends the track.
    private func feed(
        _ steps: [MediaInterleaver.Step], to track: MediaTrack, of interleaver: MediaInterleaver
    ) -> Task<Int, Never> {
        Task {
            var count = 0
            for step in steps where await interleaver.put(step, in: track) { count += 1 }
            interleaver.end(track)
            return count
        }
    }

    private func label(_ step: MediaInterleaver.Step?) -> String {
        switch step {
        case .frame(let frame): "V\(frame.captureTime.seconds)"
        case .chunk(let chunk): "A\(chunk.captureTime.seconds)"
        case .silent(let track): "silent \(track)"
        case .ended(let track): "ended \(track)"
        case nil: "over"
        }
    }

    @Test("the first instant is the earlier of the two, whichever came first")
    func firstInstant() async throws {
        let interleaver = MediaInterleaver(tracks: [.video, .audio], clock: clock)
        let video = feed([frame(0.5)], to: .video, of: interleaver)
        let reader = Task { try await interleaver.next() }
        // The reader has seen the frame and waits for audio.
        await clock.waitForSleeper(until: MediaTime(seconds: 1))
        let audio = feed([chunk(0.2)], to: .audio, of: interleaver)
        #expect(label(try await reader.value) == "A0.2")
        var rest: [String] = []
        while let step = try await interleaver.next() { rest.append(label(step)) }
        #expect(Set(rest) == ["V0.5", "ended audio", "ended video"])
        #expect(rest.last == "ended video")
        #expect(await (video.value, audio.value) == (1, 1))
    }

    @Test("a track may lead by half a second, then waits for the other")
    func lead() async throws {
        let interleaver = MediaInterleaver(tracks: [.video, .audio], clock: clock)
        _ = feed([chunk(0)], to: .audio, of: interleaver, thenEnd: false)
        _ = feed([frame(0.1), frame(0.5), frame(0.6)], to: .video, of: interleaver)
        #expect(label(try await interleaver.next()) == "A0.0")
        #expect(label(try await interleaver.next()) == "V0.1")
        #expect(label(try await interleaver.next()) == "V0.5")
        let reader = Task { try await interleaver.next() }
        await clock.waitForSleeper(until: MediaTime(seconds: 1))
        let audio = feed([chunk(0.3)], to: .audio, of: interleaver, thenEnd: false)
        #expect(label(try await reader.value) == "A0.3")
        #expect(await audio.value == 1)
        #expect(label(try await interleaver.next()) == "V0.6")
        #expect(label(try await interleaver.next()) == "ended video")
    }

    @Test("patience has an end: a silent track is told once, and waited for again when it speaks")
    func silence() async throws {
        let interleaver = MediaInterleaver(tracks: [.video, .audio], clock: clock)
        _ = feed([frame(0), frame(1), frame(2)], to: .video, of: interleaver, thenEnd: false)
        let first = Task { try await interleaver.next() }
        await clock.waitForSleeper(until: MediaTime(seconds: 1))
        clock.advance(by: .seconds(1))
        #expect(label(try await first.value) == "silent audio")
        #expect(label(try await interleaver.next()) == "V0.0")
        #expect(label(try await interleaver.next()) == "V1.0")
        #expect(label(try await interleaver.next()) == "V2.0")

        _ = feed([chunk(2.1)], to: .audio, of: interleaver, thenEnd: false)
        #expect(label(try await interleaver.next()) == "A2.1")
        _ = feed([frame(3)], to: .video, of: interleaver, thenEnd: false)
        let second = Task { try await interleaver.next() }
        await clock.waitForSleeper(until: MediaTime(seconds: 2))
        clock.advance(by: .seconds(1))
        #expect(label(try await second.value) == "silent audio")
        #expect(label(try await interleaver.next()) == "V3.0")
    }

    @Test("a source's failure comes out, and writers are let go")
    func failure() async {
        let interleaver = MediaInterleaver(tracks: [.video, .audio], clock: clock)
        let video = Task { await interleaver.put(frame(5), in: .video) }
        interleaver.end(.audio, CaptureError(.deviceLost, operation: "read", message: "Gone."))
        await #expect(throws: CaptureError.self) { try await interleaver.next() }
        interleaver.close()
        #expect(await !video.value)
    }

    @Test("cancelling lets reader and writer go")
    func cancellation() async throws {
        let interleaver = MediaInterleaver(tracks: [.video, .audio], clock: clock)
        let writer = Task { await interleaver.put(frame(0), in: .video) }
        let reader = Task { try await interleaver.next() }
        await clock.waitForSleepers()
        reader.cancel()
        writer.cancel()
        #expect(label(try await reader.value) == "over")
        #expect(await !writer.value)
    }

    /// Puts elements and leaves the track open.
    private func feed(
        _ steps: [MediaInterleaver.Step], to track: MediaTrack, of interleaver: MediaInterleaver, thenEnd: Bool
    ) -> Task<Int, Never> {
        Task {
            var count = 0
            for step in steps where await interleaver.put(step, in: track) { count += 1 }
            return count
        }
    }
}
