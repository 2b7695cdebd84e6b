import InterhumanCore
import InterhumanEncode
import Testing

@Suite("Control while running", .timeLimit(.minutes(5)))
struct ControlTests {
    /// Encodes ten seconds at 15 frames a second and does something before one of the frames.
    private func run(
        _ settings: SegmentSettings = SegmentSettings(), size: CounterPicture = CounterPicture(), at change: Int = 60,
        _ act: (FFmpegSegmentEncoder) async throws -> Void
    ) async throws -> ([MediaSegment], EncoderStatistics) {
        var run = EncodingRun.steady(seconds: 0, frameRate: 15)
        run.settings = settings
        run.picture = size
        let encoder = try await run.makeEncoder()
        let clicks = ClickTrack()
        var segments: [MediaSegment] = []
        for number in 0..<150 {
            if number == change { try await act(encoder) }
            segments += try await encoder.encode(clicks.chunk(from: number * 3200, count: 3200, epoch: run.epoch))
            let time = run.epoch + .nanoseconds(Int64(number) * 1_000_000_000 / 15)
            segments += try await encoder.encode(size.frame(number, at: time))
        }
        segments += try await encoder.finish()
        return (segments, await encoder.statistics)
    }

    private let all = Array(0..<150)

    @Test("A keyframe that is asked for begins a segment with the next picture")
    func keyframe() async throws {
        let (segments, statistics) = try await run { await $0.requestKeyframe() }
        #expect(segments.map(\.mediaStart) == [0, 3, 4, 6, 9])
        #expect(statistics.keyframes == 5)
        let recording = try await Recording.decode(segments.messages)
        #expect(recording.numbers == all)
        #expect(recording.samples.count == 480_000)
        let keyframes = zip(recording.videoTimes, recording.keyframes).filter(\.1).map(\.0)
        #expect(keyframes == segments.map(\.mediaStart))
    }

    @Test("Where segments have a least length the keyframe comes at once and the segment when it may")
    func keyframeInFile() async throws {
        let (segments, statistics) = try await run(SegmentSettings(framing: .selfContained), at: 75) {
            await $0.requestKeyframe()
        }
        #expect(statistics.keyframes == segments.count + 1)
        #expect(segments.allSatisfy { $0.mediaEnd - $0.mediaStart >= 3 })
        #expect(segments.dropFirst().first?.mediaStart == 3.2)
    }

    @Test(
        "Another bit rate shows with the next picture or segment, in the same stream",
        arguments: [
            (VideoCodec.vp9, SegmentContainer.webM, EncoderAdjustment.Effect.nextSegment),
            (.vp8, .webM, .nextSegment), (.av1, .webM, .nextSegment), (.h264, .fragmentedMP4, .nextPicture),
        ])
    func bitRate(codec: VideoCodec, container: SegmentContainer, expected: EncoderAdjustment.Effect) async throws {
        let settings = SegmentSettings(
            videoBitRate: 600_000, container: container, videoCodec: codec, audioCodec: .opus, videoPreset: .fast)
        let (segments, _) = try await run(settings, size: CounterPicture(width: 640, height: 360)) { encoder in
            let effect = try await encoder.adjust(EncoderAdjustment(videoBitRate: 100_000))
            #expect(effect == expected)
            #expect(await encoder.describe().video?.bitRate == (expected == .nextPicture ? 100_000 : 600_000))
            // The same again changes nothing.
            let again = try await encoder.adjust(EncoderAdjustment(videoBitRate: 100_000))
            #expect(again == .none)
        }
        #expect(segments.map(\.mediaStart) == [0, 3, 6, 9])
        #expect(Set(segments.map(\.header)).count == 1)
        #expect(segments.map(\.beginsStream) == [true, false, false, false])
        #expect(segments.map { $0.statistics?.targetVideoBitRate }.last == 100_000)
        #expect(segments[2].body.count < segments[0].body.count)
        let recording = try await Recording.decode(segments.messages)
        #expect(recording.numbers == all)
        #expect(recording.starts.count == 1)
    }

    @Test("Another frame rate shows with the next picture")
    func frameRate() async throws {
        let (segments, statistics) = try await run { encoder in
            let effect = try await encoder.adjust(EncoderAdjustment(maximumFrameRate: 5))
            #expect(effect == .nextPicture)
            #expect(await encoder.describe().video?.maximumFrameRate == 5)
        }
        #expect(segments.map(\.videoFrameCount) == [45, 25, 15, 5])
        #expect(statistics.videoFramesAboveRate == 60)
        let numbers = try await Recording.decode(segments.messages).numbers
        #expect(numbers == Array(0..<60) + Array(stride(from: 60, to: 150, by: 3)))
    }

    @Test(
        "Another size shows with the next segment, whose header is a new one",
        arguments: [
            (VideoCodec.vp9, SegmentContainer.webM), (.vp8, .webM), (.av1, .webM), (.h264, .fragmentedMP4),
            (.vp9, .fragmentedMP4),
        ])
    func size(codec: VideoCodec, container: SegmentContainer) async throws {
        let settings = SegmentSettings(container: container, videoCodec: codec, videoPreset: .fast)
        let (segments, _) = try await run(settings) { encoder in
            let effect = try await encoder.adjust(EncoderAdjustment(maximumWidth: 160))
            #expect(effect == .nextStream)
        }
        #expect(segments.map(\.beginsStream) == [true, false, true, false])
        #expect(segments[0].header == segments[1].header && segments[2].header == segments[3].header)
        #expect(segments[1].header != segments[2].header)
        #expect(segments.compactMap(\.statistics?.width) == [320, 320, 160, 160])
        // As a session sends them: a header wherever the connection has not carried it.
        let messages = segments.map { $0.beginsStream ? $0.header + $0.body : $0.body }
        let recording = try await Recording.decode(messages)
        #expect(recording.numbers == all)
        #expect(
            recording.frames.map(\.format.width) == Array(repeating: 320, count: 90) + Array(repeating: 160, count: 60))
        #expect(recording.starts.map(\.video?.width) == [320, 160])
        for (time, number) in zip(recording.videoTimes, all) { #expect(abs(time - Double(number) / 15) <= 0.001) }
        // The decoder of the second stream skips, or gives silence for, no more than the codec's delay.
        #expect((480_000 - 1024...480_000 + 2048).contains(recording.samples.count), "\(recording.samples.count)")
        for second in 1...9 where second != 6 {
            let centre = ClickTrack.centre(
                near: Double(second), in: recording.samples, start: recording.audioStart, sampleRate: 48_000)
            #expect(abs((centre ?? 0) - Double(second)) < 0.0085, "\(second): \(centre ?? 0)")
        }
    }

    @Test("Files and transport streams need no new stream for another size")
    func sizeWithoutHeader() async throws {
        let (segments, _) = try await run(SegmentSettings(framing: .selfContained)) { encoder in
            let effect = try await encoder.adjust(EncoderAdjustment(maximumHeight: 90))
            #expect(effect == .nextSegment)
        }
        #expect(segments.compactMap(\.statistics?.height) == [180, 180, 90, 90])
        var numbers: [Int] = []
        for segment in segments { numbers += try await Recording.decode([segment.body]).numbers }
        #expect(numbers.prefix(150) == all[...])
    }

    @Test("What is asked for too much is clamped, and taking it back undoes it")
    func clamped() async throws {
        let (segments, _) = try await run { encoder in
            let smaller = try await encoder.adjust(EncoderAdjustment(maximumWidth: 160))
            #expect(smaller == .nextStream)
            let restored = try await encoder.adjust(EncoderAdjustment(maximumWidth: 640))
            #expect(restored == .none)
            let extreme = EncoderAdjustment(
                videoBitRate: .max, maximumFrameRate: .infinity, maximumWidth: .min, maximumHeight: .max)
            let clamped = try await encoder.adjust(extreme)
            #expect(clamped == .nextStream)
            let nothing = try await encoder.adjust(EncoderAdjustment(maximumFrameRate: .nan))
            #expect(nothing == .none)
        }
        let last = try #require(segments.last?.statistics)
        #expect(last.width == 16 && last.targetVideoBitRate == 50_000_000)
    }

    @Test("Segments tell what making them took and how good they are")
    func statistics() async throws {
        let (segments, _) = try await run { _ in }
        for segment in segments {
            let figures = try #require(segment.statistics)
            #expect(figures.encodingTime > .zero)
            #expect(figures.longestPictureTime > .zero && figures.longestPictureTime <= figures.encodingTime)
            #expect(figures.longestWait >= .zero)
            let seconds = segment.mediaEnd - segment.mediaStart
            let total = (figures.videoBitRate + figures.audioBitRate) * seconds / 8
            #expect(total > 0.9 * Double(segment.body.count) && total <= Double(segment.body.count))
            #expect(figures.targetVideoBitRate == 1_000_000)
            #expect((figures.width, figures.height) == (320, 180))
            #expect((30...70).contains(try #require(figures.peakSignalToNoiseRatio)))
        }
    }

    @Test("What is made is described")
    func description() async throws {
        let encoder = try await EncodingRun.steady(seconds: 1).makeEncoder()
        let description = await encoder.describe()
        #expect(description.text.contains("VP9 320x180") && description.text.contains("Opus"))
        #expect(
            description.video
                == EncoderDescription.Video(
                    width: 320, height: 180, maximumFrameRate: 30, bitRate: 1_000_000))
        await encoder.cancel()
    }
}
