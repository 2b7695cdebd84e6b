import InterhumanCore
import InterhumanEncode
import Testing

@Suite("A last segment that is too short", .timeLimit(.minutes(5)))
struct PartialSegmentTests {
    private func checkPadding(_ run: EncodingRun, end: Double) async throws {
        let (segments, statistics) = try await run.run()
        let last = try #require(segments.last)
        #expect(last.mediaEnd - last.mediaStart >= 3)
        #expect(last.mediaEnd - end <= 3.3)
        let file = try await Recording.decode([last.header + last.body])
        // The last picture stands still, and silence follows the sound; both reach the end.
        let shown = Double(try #require(file.videoTimes.last)) - (file.videoTimes.first ?? 0)
        #expect(shown + 1 / 15.0 >= 3)
        #expect(Double(file.samples.count) / 48_000 >= 3)
        #expect(Set(file.numbers).count == file.numbers.count - statistics.videoFramesRepeated)
        #expect(file.numbers.suffix(statistics.videoFramesRepeated).allSatisfy { $0 == run.frameTimes.count - 1 })
        #expect(statistics.videoFramesRepeated > 0 && statistics.audioSamplesSilent > 0)
        #expect(segments.map(\.videoFrameCount).reduce(0, +) == run.frameTimes.count + statistics.videoFramesRepeated)
    }

    @Test("goes on with its last picture and silence where each message is a file", arguments: [0.4, 4.0, 8.5])
    func selfContained(seconds: Double) async throws {
        var run = EncodingRun.steady(seconds: seconds, frameRate: 15)
        run.settings.framing = .selfContained
        try await checkPadding(run, end: seconds)
    }

    @Test("does so in a stream as well when the service has a least length, and not without")
    func continuous() async throws {
        var run = EncodingRun.steady(seconds: 7, frameRate: 15)
        let plain = try await run.run()
        #expect(plain.statistics.videoFramesRepeated == 0)
        #expect(plain.segments.map(\.videoFrameCount) == [45, 45, 15])
        run.settings.limits.minimumDuration = .seconds(3)
        try await checkPadding(run, end: 7)
    }

    @Test("does so after both tracks were said to be over, with any codec", arguments: [VideoCodec.vp9, .h264, .av1])
    func finishedTracks(codec: VideoCodec) async throws {
        var run = EncodingRun.steady(seconds: 0, frameRate: 15)
        run.settings = SegmentSettings(
            framing: .selfContained, container: .mp4, videoCodec: codec, audioCodec: .opus, videoPreset: .fast)
        let encoder = try await run.makeEncoder()
        let clicks = ClickTrack()
        var segments: [MediaSegment] = []
        for number in 0..<15 {
            segments += try await encoder.encode(clicks.chunk(from: number * 3200, count: 3200, epoch: run.epoch))
            let time = run.epoch + .nanoseconds(Int64(number) * 1_000_000_000 / 15)
            segments += try await encoder.encode(CounterPicture().frame(number, at: time))
        }
        segments += try await encoder.finishAudio()
        segments += try await encoder.finishVideo()
        segments += try await encoder.finish()
        #expect(segments.count == 1)
        let file = try await Recording.decode(segments.map(\.body))
        #expect(file.numbers.prefix(15) == Array(0..<15)[...])
        #expect((file.videoTimes.last ?? 0) >= 2.9)
        #expect(Double(file.samples.count) / 48_000 >= 3)
    }
}
