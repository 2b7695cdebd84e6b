import InterhumanCore
import InterhumanEncode
import Testing

@Suite("Continuous framing", .timeLimit(.minutes(5)))
struct ContinuousStreamTests {
    @Test("Every frame and sample goes in and comes out once, in order and in time")
    func nothingLost() async throws {
        let run = EncodingRun.steady(seconds: 10)
        let (segments, statistics) = try await run.run()
        let recording = try await Recording.decode(segments.messages)

        #expect(recording.numbers == Array(0..<300))
        #expect(recording.samples.count == run.sampleCount)
        #expect(segments.map(\.videoFrameCount) == [90, 90, 90, 30])
        #expect(segments.reduce(0) { $0 + $1.audioSampleCount } == run.sampleCount)
        #expect(recording.starts.count == 1 && recording.ends == 1)
        #expect(recording.videoTimes.first == 0)
        #expect(recording.audioStart == 0)
        for (time, expected) in zip(recording.videoTimes, run.frameTimes) {
            #expect(abs(time - expected) <= 0.0005)
        }
        #expect(statistics.videoFramesEncoded == 300 && statistics.audioSamplesEncoded == run.sampleCount)
        #expect(statistics.audioSamplesSilent == 0 && statistics.audioSamplesDropped == 0)
    }

    @Test("Clicks keep their place against the pictures over many boundaries (F1)")
    func lipSync() async throws {
        var run = EncodingRun.steady(seconds: 14, frameRate: 15)
        run.settings.segmentDuration = .seconds(1)
        let (segments, _) = try await run.run()
        let recording = try await Recording.decode(segments.messages)
        #expect(segments.count == 14)
        for second in 1...13 {
            let centre = try #require(
                ClickTrack.centre(
                    near: Double(second), in: recording.samples, start: recording.audioStart, sampleRate: 48_000))
            let picture = try #require(recording.frames.first { CounterPicture.number(in: $0) == 15 * second })
            #expect(abs(centre - picture.captureTime.seconds) < 0.002)
        }
    }

    @Test("There is one keyframe for each segment, whatever the source says of its pictures (F15)")
    func keyframes() async throws {
        let (segments, statistics) = try await EncodingRun.steady(seconds: 7).run()
        let recording = try await Recording.decode(segments.messages)
        #expect(segments.count == 3)
        #expect(statistics.keyframes == 3)
        let keyframes = zip(recording.videoTimes, recording.keyframes).filter(\.1).map(\.0)
        #expect(keyframes == segments.map(\.mediaStart))
    }

    @Test("Segments follow each other without a gap on the container's and on the capture clock")
    func ranges() async throws {
        let run = EncodingRun.steady(seconds: 7)
        let (segments, _) = try await run.run()
        #expect(segments.map(\.index) == [0, 1, 2])
        #expect(segments.map(\.mediaStart) == [0, 3, 6])
        // The last picture lasts as long as the one before, in whole milliseconds.
        #expect(segments.map(\.mediaEnd) == [3, 6, 7.001])
        #expect(segments.map(\.timeRange.start) == [0, 3, 6].map { run.epoch + .seconds($0) })
        #expect(Set(segments.map(\.header)).count == 1)
    }

    @Test("Each message after the header begins with a cluster whose first picture is a keyframe (F5)")
    func keyframeLed() async throws {
        let (segments, _) = try await EncodingRun.steady(seconds: 10).run()
        for segment in segments {
            #expect(segment.header.starts(with: [0x1A, 0x45, 0xDF, 0xA3]))
            #expect(segment.body.starts(with: [0x1F, 0x43, 0xB6, 0x75]))
            let recording = try await Recording.decode([segment.header + segment.body])
            #expect(recording.keyframes.first == true)
            #expect(recording.videoTimes.first == segment.mediaStart)
            #expect(recording.frames.count == segment.videoFrameCount)
        }
    }

    @Test("One frame in, one packet out: nothing waits in the encoder (F10)")
    func noLookAhead() async throws {
        var run = EncodingRun.steady(seconds: 0)
        run.clicks = nil
        let encoder = try await run.makeEncoder()
        let picture = CounterPicture()
        for number in 0..<30 {
            let segments = try await encoder.encode(picture.frame(number, at: run.epoch + .milliseconds(33 * number)))
            #expect(segments.isEmpty)
            #expect(await encoder.statistics.videoFramesEncoded == number + 1)
        }
        await encoder.cancel()
    }

    @Test(
        "A live segment is ready with its last picture at a steady rate, with the next one otherwise",
        arguments: [
            (true, Array(repeating: 40, count: 25), 24), (true, [30, 70] * 10, 20),
            (false, Array(repeating: 40, count: 25), 25),
        ])
    func readiness(isLive: Bool, steps: [Int], expected: Int) async throws {
        var run = EncodingRun.steady(seconds: 0)
        run.clicks = nil
        run.isLive = isLive
        run.settings.segmentDuration = .seconds(1)
        let encoder = try await run.makeEncoder()
        var time = 0
        for (number, step) in (steps + [40]).enumerated() {
            let segments = try await encoder.encode(CounterPicture().frame(number, at: run.epoch + .milliseconds(time)))
            #expect(segments.isEmpty == (number != expected), "\(number)")
            time += step
        }
        await encoder.cancel()
    }

    @Test("A live stream that ends with a segment has a keyframe in the rest of its sound")
    func soundBehind() async throws {
        var run = EncodingRun.steady(seconds: 6)
        run.isLive = true
        let (segments, statistics) = try await run.run()
        #expect(segments.map(\.videoFrameCount) == [90, 90, 1])
        #expect(statistics.videoFramesRepeated == 1)
        let recording = try await Recording.decode(segments.messages)
        #expect(recording.numbers == Array(0..<180) + [179])
        #expect(recording.samples.count == run.sampleCount)
        #expect(recording.keyframes.last == true)
    }

    @Test("A segment that was ended ahead of its next picture takes whatever comes", arguments: [-12, 0, 5, 300, 7000])
    func expectation(surprise: Int) async throws {
        var run = EncodingRun.steady(seconds: 0)
        run.settings.segmentDuration = .seconds(1)
        run.isLive = true
        for container in [SegmentContainer.webM, .fragmentedMP4] {
            run.settings.container = container
            let encoder = try await run.makeEncoder()
            let clicks = ClickTrack()
            var segments: [MediaSegment] = []
            var times: [Int] = []
            for number in 0..<400 {
                // Sound comes 20 ms late.
                segments += try await encoder.encode(clicks.chunk(from: number * 960, count: 960, epoch: run.epoch))
                let time = number * 20 + (number * 20 >= 3000 ? surprise : 0)
                guard number % 2 == 1, time < 8000 else { continue }
                times.append(time + 20)
                segments += try await encoder.encode(
                    CounterPicture().frame(times.count - 1, at: run.epoch + .milliseconds(time + 20)))
            }
            segments += try await encoder.finish()
            let recording = try await Recording.decode(segments.messages)
            #expect(recording.numbers.prefix(times.count) == Array(times.indices)[...])
            for (time, expected) in zip(recording.videoTimes, times) {
                #expect(abs(time * 1000 - Double(expected)) < 1)
            }
            #expect(recording.samples.count - 400 * 960 >= 0 && recording.samples.count - 400 * 960 <= 2048)
            for (segment, next) in zip(segments, segments.dropFirst()) { #expect(segment.mediaEnd == next.mediaStart) }
        }
    }

    @Test(
        "ffprobe and ffmpeg accept the joined messages without a word",
        .enabled(if: Tool.isInstalled("ffprobe") && Tool.isInstalled("ffmpeg")))
    func commandsAccept() async throws {
        let run = EncodingRun.steady(seconds: 10)
        let joined = try await run.run().segments.joined
        let strict = try Tool.run(
            "ffmpeg", ["-v", "warning", "-err_detect", "explode", "-xerror", "-i", "INPUT", "-f", "null", "-"],
            on: joined)
        #expect(strict.status == 0)
        #expect(strict.standardError.isEmpty)
        let probe = try Tool.run(
            "ffprobe",
            ["-v", "warning", "-show_entries", "frame=media_type,pts_time,nb_samples", "-of", "csv=p=0", "INPUT"],
            on: joined)
        #expect(probe.status == 0 && probe.standardError.isEmpty)
        let lines = probe.standardOutput.split(separator: "\n").map { $0.split(separator: ",") }
        let video = lines.filter { $0[0] == "video" }
        let audio = lines.filter { $0[0] == "audio" }
        #expect(video.count == 300 && audio.reduce(0) { $0 + (Int($1[2]) ?? 0) } == run.sampleCount)
        #expect(video.first?[1] == "0.000000" && audio.first?[1] == "0.000000")
    }

    @Test("Audio that comes later than the pictures costs nothing")
    func lateAudio() async throws {
        var run = EncodingRun.steady(seconds: 8)
        run.audioDelay = 0.7
        let (segments, statistics) = try await run.run()
        let recording = try await Recording.decode(segments.messages)
        #expect(recording.numbers == Array(0..<240))
        #expect(recording.samples.count == run.sampleCount)
        #expect(statistics.audioSamplesSilent == 0 && statistics.audioSamplesDropped == 0)
        #expect(segments.map(\.mediaStart) == [0, 3, 6])
    }
}

/// The list again and again.
private func * (list: [Int], count: Int) -> [Int] {
    Array(repeating: list, count: count).flatMap(\.self)
}
