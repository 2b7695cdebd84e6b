import InterhumanCore
import InterhumanEncode
import Testing

@Suite("Self-contained framing", .timeLimit(.minutes(5)))
struct SelfContainedFramingTests {
    private static func run(seconds: Double = 12.8) -> EncodingRun {
        var run = EncodingRun.steady(seconds: seconds, frameRate: 15)
        run.settings.framing = .selfContained
        return run
    }

    @Test("Each message is a file from 0, and together they hold every frame and sample once")
    func files() async throws {
        let run = Self.run()
        let (segments, statistics) = try await run.run()
        #expect(segments.count == 4)
        #expect(statistics.keyframes == 4)
        var numbers: [Int] = []
        var sampleCount = 0
        for segment in segments {
            #expect(segment.header.isEmpty)
            let recording = try await Recording.decode([segment.body])
            #expect(recording.videoTimes.first == 0)
            #expect((0..<0.02).contains(recording.audioStart))
            #expect(recording.keyframes.first == true)
            #expect(recording.frames.count == segment.videoFrameCount)
            #expect(recording.samples.count == segment.audioSampleCount)
            numbers += recording.numbers
            sampleCount += recording.samples.count
        }
        #expect(numbers == Array(0..<192))
        #expect(sampleCount == run.sampleCount)
        // The service takes nothing below 3 s.
        #expect(segments.allSatisfy { $0.mediaEnd - $0.mediaStart >= 3 })
    }

    @Test("Clicks keep their place in every file")
    func lipSync() async throws {
        let (segments, _) = try await Self.run().run()
        var found = 0
        for segment in segments {
            let recording = try await Recording.decode([segment.body])
            for second in 1...10 {
                let expected = Double(second) - segment.mediaStart
                // Not at the very edges, where a click may lie in two files or be warmed up.
                guard (0.1..<segment.mediaEnd - segment.mediaStart - 0.1).contains(expected) else { continue }
                let centre = ClickTrack.centre(
                    near: expected, in: recording.samples, start: recording.audioStart, sampleRate: 48_000)
                #expect(abs((centre ?? 0) - expected) < 0.002)
                found += 1
            }
        }
        #expect(found >= 8)
    }

    @Test("Without audio, and without video, the files are whole as well")
    func singleTracks() async throws {
        var silent = Self.run(seconds: 9.6)
        silent.clicks = nil
        var blind = Self.run(seconds: 9.6)
        blind.picture = nil
        var frameCount = 0
        for segment in try await silent.run().segments {
            frameCount += try await Recording.decode([segment.body]).frames.count
        }
        #expect(frameCount == 144)
        var sampleCount = 0
        for segment in try await blind.run().segments {
            sampleCount += try await Recording.decode([segment.body]).samples.count
        }
        #expect(sampleCount == blind.sampleCount)
    }

    @Test(
        "ffmpeg and ffprobe accept each file without a word and read its duration",
        .enabled(if: Tool.isInstalled("ffmpeg") && Tool.isInstalled("ffprobe")))
    func commandsAccept() async throws {
        for segment in try await Self.run().run().segments {
            let strict = try Tool.run(
                "ffmpeg", ["-v", "warning", "-err_detect", "explode", "-xerror", "-i", "INPUT", "-f", "null", "-"],
                on: segment.body)
            #expect(strict.status == 0 && strict.standardError.isEmpty)
            let probe = try Tool.run(
                "ffprobe", ["-v", "warning", "-show_entries", "format=duration", "-of", "csv=p=0", "INPUT"],
                on: segment.body)
            let duration = Double(probe.standardOutput.filter { !$0.isNewline }) ?? 0
            #expect(abs(duration - (segment.mediaEnd - segment.mediaStart)) < 0.05)
        }
    }
}
