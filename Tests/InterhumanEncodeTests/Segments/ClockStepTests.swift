import InterhumanCore
import InterhumanEncode
import Testing

/// What becomes of media whose times jump, come late or come rarely; the rules stand in `Documentation/Encoding.md`.
@Suite("Rare, late and jumping media", .timeLimit(.minutes(5)))
struct ClockStepTests {
    private let clicks = ClickTrack()

    /// Encodes sound and pictures whose times are given in milliseconds.
    private func encode(
        _ settings: SegmentSettings = SegmentSettings(), pictures: [Int], sound: [(time: Int, position: Int)]
    ) async throws -> (Recording, EncoderStatistics) {
        var run = EncodingRun.steady(seconds: 0)
        run.settings = settings
        let encoder = try await run.makeEncoder()
        var segments: [MediaSegment] = []
        var rest = sound[...]
        for (number, time) in pictures.enumerated() {
            while let chunk = rest.first, chunk.time < time {
                segments += try await encode(chunk, encoder, run)
                rest.removeFirst()
            }
            segments += try await encoder.encode(
                CounterPicture().frame(number, at: run.epoch + .milliseconds(time)))
        }
        for chunk in rest { segments += try await encode(chunk, encoder, run) }
        segments += try await encoder.finish()
        return (try await Recording.decode(segments.messages), await encoder.statistics)
    }

    private func encode(
        _ chunk: (time: Int, position: Int), _ encoder: FFmpegSegmentEncoder, _ run: EncodingRun
    ) async throws -> [MediaSegment] {
        var made = clicks.chunk(from: chunk.position, count: 960, epoch: run.epoch)
        made.captureTime = run.epoch + .milliseconds(chunk.time)
        return try await encoder.encode(made)
    }

    private static func steadySound(seconds: Int) -> [(time: Int, position: Int)] {
        (0..<50 * seconds).map { ($0 * 20, $0 * 960) }
    }

    @Test("One picture a second keeps its times, each segment begins with one", arguments: [1, 2])
    func onePerSecond(segment: Int) async throws {
        let pictures = (0..<9).map { $0 * 1000 + 7 * ($0 % 3) }
        var settings = SegmentSettings()
        settings.segmentDuration = .seconds(segment)
        let (recording, statistics) = try await encode(
            settings, pictures: pictures, sound: Self.steadySound(seconds: 9))
        #expect(recording.numbers == Array(0..<9))
        #expect(recording.videoTimes.map { Int(($0 * 1000).rounded()) } == pictures)
        #expect(recording.keyframes.filter(\.self).count == statistics.segments)
        #expect(recording.samples.count == 9 * 48_000)
    }

    @Test("Sixty pictures a second pass where they are allowed")
    func sixtyPerSecond() async throws {
        let pictures = (0..<240).map { $0 * 1000 / 60 }
        let (recording, statistics) = try await encode(
            SegmentSettings(maximumFrameRate: 60), pictures: pictures, sound: Self.steadySound(seconds: 4))
        #expect(recording.numbers == Array(0..<240))
        #expect(statistics.videoFramesAboveRate == 0)
    }

    @Test("Pictures whose clock steps back are left out until it has caught up, and counted")
    func pictureStepBack() async throws {
        let pictures = (0..<50).map { $0 * 40 } + (0..<50).map { 1480 + $0 * 40 }
        let (recording, statistics) = try await encode(pictures: pictures, sound: Self.steadySound(seconds: 4))
        #expect(statistics.videoFramesOutOfOrder == 13)
        #expect(recording.numbers == Array(0..<50) + Array(63..<100))
        #expect(zip(recording.videoTimes, recording.videoTimes.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test("Pictures whose clock steps ahead keep their times; sound fills the gap")
    func pictureStepAhead() async throws {
        let pictures = (0..<25).map { $0 * 40 } + (0..<25).map { 6000 + $0 * 40 }
        let (recording, _) = try await encode(pictures: pictures, sound: Self.steadySound(seconds: 7))
        #expect(recording.numbers == Array(0..<50))
        #expect(recording.videoTimes[25] == 6)
        #expect(recording.samples.count == 7 * 48_000)
    }

    @Test("Sound whose clock steps ahead is led in by silence, and stays with its pictures")
    func soundStepAhead() async throws {
        let sound = Self.steadySound(seconds: 6).map { $0.time < 2500 ? $0 : ($0.time + 400, $0.position + 19_200) }
        let (recording, statistics) = try await encode(pictures: (0..<160).map { $0 * 40 }, sound: sound)
        #expect(statistics.audioSamplesSilent == 19_200)
        #expect(recording.samples.count == 6 * 48_000 + 19_200)
        for second in [1, 2, 3, 4, 5] {
            let centre = ClickTrack.centre(
                near: Double(second), in: recording.samples, start: recording.audioStart, sampleRate: 48_000)
            #expect(abs((centre ?? 0) - Double(second)) < 0.002)
        }
    }

    @Test("Sound whose clock steps back is left out as far as its time is filled")
    func soundStepBack() async throws {
        let sound = Self.steadySound(seconds: 6).map { $0.time < 2500 ? $0 : ($0.time - 400, $0.position - 19_200) }
        let (recording, statistics) = try await encode(pictures: (0..<140).map { $0 * 40 }, sound: sound)
        #expect(statistics.audioSamplesDropped == 19_200)
        #expect(recording.samples.count == 6 * 48_000 - 19_200)
        for second in [1, 2, 3, 4, 5] {
            let centre = ClickTrack.centre(
                near: Double(second), in: recording.samples, start: recording.audioStart, sampleRate: 48_000)
            #expect(abs((centre ?? 0) - Double(second)) < 0.002)
        }
    }

    @Test("Pictures that begin late leave the sound before them alone; the first is a keyframe in its place")
    func lateVideo() async throws {
        let pictures = (0..<100).map { 4120 + $0 * 40 }
        let (recording, statistics) = try await encode(pictures: pictures, sound: Self.steadySound(seconds: 9))
        #expect(recording.numbers == Array(0..<100))
        #expect(recording.videoTimes.first == 4.12 && recording.keyframes.first == true)
        #expect(recording.samples.count == 9 * 48_000)
        #expect(statistics.audioSamplesSilent == 0)
    }
}
