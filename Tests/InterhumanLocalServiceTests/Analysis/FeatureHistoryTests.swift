import Testing

@testable import InterhumanLocalService

@Suite("Features of a window")
struct FeatureHistoryTests {
    /// Audio readings from 0 s on; each character lasts 0.1 s, `v` is voice, anything else silence.
    private func history(_ pattern: String, pitch: Double? = nil) -> FeatureHistory {
        var history = FeatureHistory(seconds: 13)
        for (index, character) in pattern.enumerated() {
            for step in 0..<5 {
                let isVoice = character == "v"
                history.append(
                    AudioReading(
                        time: Double(index) * 0.1 + Double(step) * 0.02, meanSquare: isVoice ? 0.01 : 0,
                        isVoice: isVoice, pitch: isVoice ? pitch : nil))
            }
        }
        return history
    }

    @Test("Voice activity, loudness and pauses")
    func audio() throws {
        // 3 s: two pauses after voice (0.5 s and 0.3 s); the silence before the first voice and 0.2 s are none.
        let features = history("....vvvvvv.....vvv..vvvv...vvv").features(from: 0, to: 3)
        let audio = try #require(features.audio)
        #expect(abs(audio.voiceActivity - 16.0 / 30) < 0.001)
        #expect(abs(audio.loudness - -22.73) < 0.01)
        #expect(audio.pauseCount == 2)
        #expect(abs(audio.longestPause - 0.5) < 0.001)
        #expect(audio.pitch == nil)
        #expect(features.video == nil)
    }

    @Test("A window sees its own readings only")
    func bounds() throws {
        let history = history("vvvvvvvvvv..........")
        #expect(history.features(from: 0, to: 1).audio?.voiceActivity == 1)
        #expect(history.features(from: 1, to: 2).audio?.voiceActivity == 0)
        #expect(history.features(from: 5, to: 8).audio == nil)
    }

    @Test("A steady pitch varies by nothing, an octave by twelve semitones")
    func pitch() throws {
        let steady = try #require(history("vvvv", pitch: 120).features(from: 0, to: 1).audio)
        #expect(steady.pitch == 120)
        #expect(steady.pitchVariation == 0)
        var history = history("vv", pitch: 120)
        for step in 0..<10 {
            history.append(
                AudioReading(time: 0.2 + Double(step) * 0.02, meanSquare: 0.01, isVoice: true, pitch: 240))
        }
        let octave = try #require(history.features(from: 0, to: 1).audio)
        #expect(octave.pitch == 240)
        #expect(abs((octave.pitchVariation ?? 0) - 12 * 0.5.squareRoot()) < 0.001)
    }

    @Test("Memory is bounded by the window, however much comes")
    func capacity() {
        var history = FeatureHistory(seconds: 1)
        for index in 0..<10_000 {
            history.append(
                AudioReading(time: Double(index) * 0.02, meanSquare: 0.01, isVoice: true, pitch: nil))
            history.append(VideoReading(time: Double(index) * 0.1, brightness: 10, motion: 1))
        }
        #expect(history.readingCount <= 2 * (51 + 11))
        #expect(history.features(from: 199, to: 200).audio?.voiceActivity == 1)
    }
}
