import InterhumanCore
import InterhumanEncode
import Testing

@Suite("Input that is not as one would like it", .timeLimit(.minutes(5)))
struct IrregularInputTests {
    @Test("Variable frame rates keep their capture times")
    func variableFrameRate() async throws {
        var run = EncodingRun.steady(seconds: 7)
        run.settings.maximumFrameRate = 120
        // Steps of 8 to 192 ms without any pattern that a frame rate has.
        run.frameTimes = [0]
        while let last = run.frameTimes.last, last < 6.8 {
            run.frameTimes.append(last + 0.008 + Double(run.frameTimes.count * 37 % 24) * 0.008)
        }
        let (segments, _) = try await run.run()
        let recording = try await Recording.decode(segments.messages)
        #expect(recording.numbers == Array(run.frameTimes.indices))
        for (time, expected) in zip(recording.videoTimes, run.frameTimes) {
            #expect(abs(time - expected) <= 0.0005001)
        }
        #expect(recording.keyframes.filter(\.self).count == segments.count)
        for segment in segments.dropFirst() {
            // A segment begins with the first frame at or past its grid line.
            let line = (segment.mediaStart / 3).rounded(.down) * 3
            let first = run.frameTimes.first { $0 >= line - 0.0005 }
            #expect(abs(segment.mediaStart - (first ?? 0)) <= 0.0005001)
        }
    }

    @Test(
        "Odd sizes become even, larger ones smaller, small ones stay",
        arguments: [
            (321, 181, 320, 180), (1280, 720, 640, 360), (1280, 960, 480, 360), (720, 1280, 202, 360),
            (176, 144, 176, 144),
        ])
    func sizes(width: Int, height: Int, expectedWidth: Int, expectedHeight: Int) async throws {
        var run = EncodingRun.steady(seconds: 0.2)
        run.picture = CounterPicture(width: width, height: height)
        let recording = try await Recording.decode(try await run.run().segments.messages)
        #expect(recording.starts.first?.video?.width == expectedWidth)
        #expect(recording.starts.first?.video?.height == expectedHeight)
        #expect(recording.numbers == Array(0..<6))
    }

    @Test("Frames that change their size go on in the stream's")
    func changedSize() async throws {
        var run = EncodingRun.steady(seconds: 0)
        run.clicks = nil
        let encoder = try await run.makeEncoder()
        var segments: [MediaSegment] = []
        for number in 0..<60 {
            let picture = number < 30 ? CounterPicture() : CounterPicture(width: 500, height: 300)
            segments += try await encoder.encode(picture.frame(number, at: run.epoch + .milliseconds(33 * number)))
        }
        segments += try await encoder.finish()
        let recording = try await Recording.decode(segments.messages)
        #expect(recording.numbers == Array(0..<60))
        #expect(Set(recording.frames.map(\.format.width)) == [320])
    }

    @Test("Frames at or before the time of the last one are left out and counted")
    func backwards() async throws {
        var run = EncodingRun.steady(seconds: 0)
        run.clicks = nil
        run.frameTimes = [0, 0.040, 0.040, 0.0403, 0.020, 0.080, -1, 0.120]
        let (segments, statistics) = try await run.run()
        let recording = try await Recording.decode(segments.messages)
        #expect(recording.numbers == [0, 1, 5, 7])
        #expect(statistics.videoFramesOutOfOrder == 3)
        #expect(statistics.videoFramesBeforeEpoch == 1)
        #expect(statistics.videoFramesReceived == 8)
    }

    @Test("Frames above the highest rate are left out evenly and counted")
    func rateCap() async throws {
        var run = EncodingRun.steady(seconds: 2, frameRate: 60)
        run.clicks = nil
        run.settings.maximumFrameRate = 15
        let (segments, statistics) = try await run.run()
        let recording = try await Recording.decode(segments.messages)
        #expect(recording.numbers == Array(stride(from: 0, to: 120, by: 4)))
        #expect(statistics.videoFramesAboveRate == 90)
    }

    @Test("Without audio the stream has only video, cut as usual")
    func noAudio() async throws {
        var run = EncodingRun.steady(seconds: 7)
        run.clicks = nil
        let (segments, _) = try await run.run()
        let recording = try await Recording.decode(segments.messages)
        #expect(recording.starts.first?.audio == nil)
        #expect(recording.numbers == Array(0..<210))
        #expect(segments.map(\.videoFrameCount) == [90, 90, 30])
    }

    @Test("Without video the stream has only audio, cut on the grid")
    func noVideo() async throws {
        var run = EncodingRun.steady(seconds: 7)
        run.picture = nil
        let (segments, _) = try await run.run()
        let recording = try await Recording.decode(segments.messages)
        #expect(recording.starts.first?.video == nil)
        #expect(recording.samples.count == run.sampleCount)
        #expect(segments.map(\.mediaStart) == [0, 3, 6])
        #expect(segments.reduce(0) { $0 + $1.audioSampleCount } == run.sampleCount)
    }

    @Test("Sound that outlasts the picture a little stays in the last segment, so that every segment has a keyframe")
    func longerAudio() async throws {
        var run = EncodingRun.steady(seconds: 6)
        run.sampleCount = Int(6.4 * 48_000)
        let (segments, _) = try await run.run()
        let recording = try await Recording.decode(segments.messages)
        #expect(segments.map(\.videoFrameCount) == [90, 90])
        #expect(recording.samples.count == run.sampleCount)
    }

    @Test("A gap in the audio becomes silence of the same length")
    func audioGap() async throws {
        var run = EncodingRun.steady(seconds: 8, frameRate: 15)
        run.chunkFilter = { !(130_000..<180_000).contains($0) }
        let (segments, statistics) = try await run.run()
        let recording = try await Recording.decode(segments.messages)
        #expect(recording.samples.count == run.sampleCount)
        #expect((49_000...51_200).contains(statistics.audioSamplesSilent))
        for second in [1, 2, 4, 5, 6, 7] {
            let centre = ClickTrack.centre(
                near: Double(second), in: recording.samples, start: recording.audioStart, sampleRate: 48_000)
            #expect(abs((centre ?? 0) - Double(second)) < 0.002)
        }
        #expect(ClickTrack.centre(near: 3, in: recording.samples, start: 0, sampleRate: 48_000) == nil)
    }

    @Test("A microphone that dies becomes silence and holds nothing up")
    func deadMicrophone() async throws {
        var run = EncodingRun.steady(seconds: 10, frameRate: 15)
        run.chunkFilter = { $0 < 96_000 }
        let encoder = try await run.makeEncoder()
        var segments: [MediaSegment] = []
        let clicks = ClickTrack()
        for position in stride(from: 0, to: 96_000, by: 960) {
            segments += try await encoder.encode(clicks.chunk(from: position, count: 960, epoch: run.epoch))
        }
        for number in 0..<150 {
            let time = run.epoch + .nanoseconds(Int64(number) * 1_000_000_000 / 15)
            segments += try await encoder.encode(CounterPicture().frame(number, at: time))
        }
        // Up to the lead of 1.5 s everything is there before the end.
        #expect(segments.map(\.mediaEnd) == [3, 6])
        segments += try await encoder.finish()
        let recording = try await Recording.decode(segments.messages)
        #expect(recording.numbers == Array(0..<150))
        #expect(Double(recording.samples.count) / 48_000 > 8.3)
        #expect(await encoder.statistics.audioSamplesSilent > 6 * 48_000)
    }

    @Test("A camera that pauses leaves audio-only segments and comes back with a keyframe")
    func pausedCamera() async throws {
        var run = EncodingRun.steady(seconds: 14, frameRate: 15)
        run.frameTimes.removeAll { (2.0..<10.5).contains($0) }
        let (segments, statistics) = try await run.run()
        let recording = try await Recording.decode(segments.messages)
        #expect(recording.samples.count == run.sampleCount)
        #expect(recording.frames.count == run.frameTimes.count)
        #expect(segments.map { Int($0.mediaStart) } == [0, 3, 6, 9, 12])
        #expect(segments.map { $0.videoFrameCount > 0 } == [true, false, false, true, true])
        #expect(statistics.audioSamplesSilent == 0)
        let back = try #require(recording.videoTimes.firstIndex { $0 > 10 })
        #expect(recording.keyframes[back])
    }

    @Test("Audio that begins later than video is led in by silence, audio from before the epoch is cut off")
    func audioStart() async throws {
        var run = EncodingRun.steady(seconds: 4)
        run.chunkFilter = { $0 >= 1024 * 20 }
        var recording = try await Recording.decode(try await run.run().segments.messages)
        #expect(recording.samples.count == run.sampleCount && recording.audioStart == 0)

        run = EncodingRun.steady(seconds: 0)
        run.picture = nil
        let encoder = try await run.makeEncoder()
        let clicks = ClickTrack()
        var segments: [MediaSegment] = []
        for position in stride(from: 0, to: 144_000, by: 1000) {
            // The epoch lies 0.75 s after the first sample.
            let chunk = clicks.chunk(from: position, count: 1000, epoch: run.epoch - .milliseconds(750))
            segments += try await encoder.encode(chunk)
        }
        segments += try await encoder.finish()
        recording = try await Recording.decode(segments.messages)
        #expect(recording.samples.count == 144_000 - 36_000)
        for (second, expected) in [(1, 0.25), (2, 1.25)] {
            let centre = ClickTrack.centre(near: expected, in: recording.samples, start: 0, sampleRate: 48_000)
            #expect(abs((centre ?? 0) - expected) < 0.002, "click \(second)")
        }
        #expect(await encoder.statistics.audioSamplesDropped == 36_000)
    }

    @Test(
        "Any rate, channel count and sample type becomes 48 kHz in time",
        arguments: [
            (8_000, 1), (16_000, 1), (44_100, 2), (48_000, 6), (96_000, 2),
        ])
    func rates(sampleRate: Int, channelCount: Int) async throws {
        var run = EncodingRun.steady(seconds: 4, frameRate: 15)
        run.clicks = ClickTrack(sampleRate: sampleRate, channelCount: channelCount)
        run.sampleCount = 4 * sampleRate
        run.chunkLength = sampleRate / 50
        let recording = try await Recording.decode(try await run.run().segments.messages)
        #expect(abs(recording.samples.count - 192_000) <= 1)
        for second in 1...3 {
            let centre = ClickTrack.centre(
                near: Double(second), in: recording.samples, start: recording.audioStart, sampleRate: 48_000)
            #expect(abs((centre ?? 0) - Double(second)) < 0.002)
        }
    }

    @Test("Frames far older than the audio that was written are left out, the next good one is a keyframe")
    func lateFrames() async throws {
        let run = EncodingRun.steady(seconds: 0)
        let encoder = try await run.makeEncoder()
        let clicks = ClickTrack()
        var segments = try await encoder.encode(CounterPicture().frame(0, at: run.epoch))
        for position in stride(from: 0, to: 30 * 48_000, by: 4800) {
            segments += try await encoder.encode(clicks.chunk(from: position, count: 4800, epoch: run.epoch))
        }
        for (number, time) in [(1, 1.0), (2, 7.0), (3, 20.0), (4, 20.1)] {
            segments += try await encoder.encode(CounterPicture().frame(number, at: run.epoch + .seconds(time)))
        }
        segments += try await encoder.finish()
        let recording = try await Recording.decode(segments.messages)
        #expect(recording.numbers == [0, 3, 4] && recording.videoTimes == [0, 20, 20.1])
        #expect(recording.keyframes == [true, true, false])
        #expect(recording.samples.count == 30 * 48_000)
        #expect(await encoder.statistics.videoFramesTooLate == 2)
    }

    @Test("16-bit samples and samples that are no numbers are taken")
    func sampleTypes() async throws {
        var run = EncodingRun.steady(seconds: 0)
        run.picture = nil
        let encoder = try await run.makeEncoder()
        let format = AudioFormat(sampleRate: 48_000, channelCount: 1)
        let broken = [Float.nan, .infinity, -.infinity, 1e30].flatMap { Array(repeating: $0, count: 1200) }
        let chunks = [
            AudioChunk(format: format, captureTime: run.epoch, samples: .int16(Array(repeating: .min, count: 4800))),
            AudioChunk(format: format, captureTime: run.epoch + .milliseconds(100), samples: .float32(broken)),
        ]
        for chunk in chunks { _ = try await encoder.encode(chunk) }
        let recording = try await Recording.decode(try await encoder.finish().messages)
        #expect(recording.samples.count == 9600)
        #expect(recording.samples.allSatisfy { $0.isFinite })
    }
}
