import InterhumanCore
import Testing

@testable import InterhumanLocalService

@Suite("Meters")
struct MeterTests {
    @Test(
        "Brightness is the luminance, in every format with 8-bit luminance",
        arguments: [
            PixelFormat.i420, .nv12, .gray8, PixelFormat(name: "yuvj420p"), .yuyv, .uyvy,
        ])
    func brightness(format: PixelFormat) throws {
        let grid = try #require(LuminanceGrid(SyntheticMedia.grey(90, at: 0, format: format)))
        #expect(grid.brightness == 90)
    }

    @Test("A picture that is smaller than it says, or of an unknown format, is not measured")
    func unreadablePictures() {
        var short = SyntheticMedia.grey(90, at: 0)
        short.format.height = 37
        #expect(LuminanceGrid(short) == nil)
        #expect(LuminanceGrid(SyntheticMedia.grey(90, at: 0, format: PixelFormat(name: "yuv420p10le"))) == nil)
    }

    @Test("Motion is the change of luminance between looks 0.1 s apart, whatever the frame rate")
    func motion() {
        var meter = VideoMeter()
        let readings = (0..<60).compactMap { index in
            // 50 frames a second, one level brighter with each.
            meter.measure(SyntheticMedia.grey(UInt8(index), at: Double(index) / 50), at: Double(index) / 50)
        }
        #expect(readings.count == 12)
        #expect(readings.first?.motion == nil)
        #expect(readings.dropFirst().allSatisfy { $0.motion == 5 })
    }

    @Test("After a hole the first picture has no motion")
    func motionAfterHole() {
        var meter = VideoMeter()
        _ = meter.measure(SyntheticMedia.grey(0, at: 0), at: 0)
        let reading = meter.measure(SyntheticMedia.grey(200, at: 5), at: 5)
        #expect(reading?.brightness == 200)
        #expect(reading?.motion == nil)
    }

    @Test("Level and pitch of a tone", arguments: [80.0, 120, 220, 330])
    func tone(frequency: Double) throws {
        var meter = AudioMeter()
        let readings = (0..<50).flatMap { index in
            let time = Double(index) * 0.02
            return meter.measure(SyntheticMedia.tone(frequency, amplitude: 0.5, at: time), at: time)
        }
        #expect(readings.count == 50)
        let pitches = readings.compactMap(\.pitch)
        #expect(pitches.count >= 20)
        #expect(pitches.allSatisfy { abs($0 - frequency) < frequency * 0.03 })
        let last = try #require(readings.last)
        #expect(last.isVoice)
        #expect((-16 ... -12).contains(last.level))
    }

    @Test("16-bit stereo measures as float mono does, however it is cut")
    func formats() {
        var mono = AudioMeter()
        var stereo = AudioMeter()
        let chunks = (0..<25).map { SyntheticMedia.tone(150, amplitude: 0.4, at: Double($0) * 0.02) }
        let expected = chunks.flatMap { mono.measure($0, at: $0.captureTime.seconds) }
        let samples = chunks.flatMap { chunk -> [Int16] in
            guard case .float32(let samples) = chunk.samples else { return [] }
            return samples.flatMap { [Int16($0 * 32768), Int16($0 * 32768)] }
        }
        let pieces = stride(from: 0, to: samples.count, by: 1000).map { start -> AudioChunk in
            AudioChunk(
                format: AudioFormat(sampleRate: 16_000, channelCount: 2),
                captureTime: MediaTime(seconds: Double(start / 2) / 16_000),
                samples: .int16(Array(samples[start..<min(start + 1000, samples.count)])))
        }
        let actual = pieces.flatMap { stereo.measure($0, at: $0.captureTime.seconds) }
        #expect(actual.count == expected.count)
        for (left, right) in zip(actual, expected) {
            #expect(abs(left.level - right.level) < 0.1)
            #expect(left.isVoice == right.isVoice)
        }
    }

    @Test("Voice stands out from noise, and noise becomes the floor")
    func voiceActivity() {
        var detector = VoiceActivityDetector()
        let noise = (0..<500).map { _ in detector.isVoice(level: -43) }
        #expect(noise.prefix(10).allSatisfy { $0 })
        #expect(!noise.suffix(100).contains(true))
        let levels = [-30.0] + [Double](repeating: -43, count: VoiceActivityDetector.hangover + 1)
        let answers = levels.map { detector.isVoice(level: $0) }
        #expect(answers.dropLast().allSatisfy { $0 })
        #expect(answers.last == false)
    }

    @Test("Continuous speech does not become its own background")
    func continuousSpeech() {
        var detector = VoiceActivityDetector()
        let answers = (0..<6000).map { _ in detector.isVoice(level: -25) }
        #expect(!answers.contains(false))
    }

    @Test("Samples that are no numbers count as silence")
    func hostileSamples() throws {
        var meter = AudioMeter()
        let chunk = AudioChunk(
            format: AudioFormat(sampleRate: 16_000, channelCount: 1), captureTime: .zero,
            samples: .float32([Float](repeating: .nan, count: 160) + [Float](repeating: .infinity, count: 160)))
        let readings = meter.measure(chunk, at: 0)
        let reading = try #require(readings.first)
        #expect(reading.level == Decibels.silence)
    }
}
