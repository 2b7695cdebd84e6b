import InterhumanCore
import Testing

@testable import InterhumanCapture

/// Plays a tone into a sink and checks that its monitor hears it as and when it was played.
enum Heard {
    /// The tone comes after a second of silence: until then the sink, which renders two seconds ahead when nobody
    /// hurries it, has settled. `tolerance` is in seconds. Stops the source.
    static func tone(
        by source: MicrophoneSource, of stream: AudioStream, from address: String, sink: String,
        within tolerance: Double = 0.02
    ) async throws {
        let player = try PulsePlayer(address: address, sink: sink)
        try player.play([Int16](repeating: 0, count: 48_000) + Tone.sine(440, count: 24_000, amplitude: 16_000))
        var chunks: [AudioChunk] = []
        // A server whose thread is late for once counts its blocks late.
        var estimates: [MediaTime] = []
        var heard: MediaTime? {
            let last = estimates.suffix(15).sorted()
            return last.isEmpty ? nil : last[last.count / 2]
        }
        for try await chunk in stream.chunks {
            chunks.append(chunk)
            // Asked again until shortly before: a busy machine may delay what is to come.
            let isNear = heard.map { $0 - SystemClock().now < .milliseconds(100) } ?? false
            if chunks.count >= 20, !isNear { estimates.append(try player.time(of: 48_000)) }
            if let heard, chunk.captureTime - heard > .milliseconds(500) { break }
        }
        await source.stop()
        let recorded = Recorded(chunks, format: stream.format)
        #expect(recorded.gaps == 0)
        // Before it, another source's own tone may still be heard.
        let expected = try #require(heard)
        let begin = recorded.samples.indices.first { recorded.time(of: $0) > expected - .milliseconds(200) } ?? 0
        let onset = try #require(recorded.samples[begin...].firstIndex { abs(Int($0)) > 1_000 })
        let error = (recorded.time(of: onset) - expected).inSeconds
        #expect(abs(error) < tolerance, "the onset is off by \(error) s")
        let tone = Array(recorded.samples[(onset + 2_400)..<(onset + 19_200)])
        #expect(abs(Tone.frequency(tone) - 440) < 1)
        let peak = tone.map { abs(Int($0)) }.max() ?? 0
        #expect((15_500...16_500).contains(peak))
    }
}
