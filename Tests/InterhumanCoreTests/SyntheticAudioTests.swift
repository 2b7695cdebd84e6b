import InterhumanCore
import Testing

/// The voice-like tone: it talks and pauses, and is the same every time.
@Suite(.timeLimit(.minutes(1)))
struct SyntheticAudioTests {
    /// So many chunks of 20 ms.
    private func chunks(_ count: Int) async throws -> [AudioChunk] {
        let source = VoiceLikeAudioSource(chunkCount: count, pacing: .asFastAsPulled, base: MediaTime(seconds: 5))
        let stream = try await source.start()
        #expect(stream.format == AudioFormat(sampleRate: 48_000, channelCount: 1))
        var chunks: [AudioChunk] = []
        for try await chunk in stream.chunks { chunks.append(chunk) }
        return chunks
    }

    private func samples(_ chunk: AudioChunk) -> [Int16] {
        if case .int16(let samples) = chunk.samples { samples } else { [] }
    }

    /// Root mean square, full scale 1.
    private func level(_ samples: some Collection<Int16>) -> Double {
        let sum = samples.reduce(0.0) { $0 + Double($1) * Double($1) }
        return (sum / Double(max(1, samples.count))).squareRoot() / 32_768
    }

    @Test("chunks are 20 ms long and follow one another")
    func shape() async throws {
        let chunks = try await chunks(100)
        #expect(chunks.allSatisfy { $0.frameCount == 960 && $0.duration == .milliseconds(20) })
        #expect(chunks.map(\.captureTime) == (0..<100).map { MediaTime(seconds: 5) + .milliseconds(20) * $0 })
    }

    @Test("spurts of 2 to 4 s, pauses of 0.8 to 1.2 s")
    func spurts() async throws {
        let isTalking = try await chunks(3_000).map { samples($0).contains { $0 != 0 } }
        var runs: [(isTalking: Bool, seconds: Double)] = []
        for flag in isTalking {
            if runs.last?.isTalking == flag { runs[runs.count - 1].seconds += 0.02 } else { runs.append((flag, 0.02)) }
        }
        let whole = runs.dropLast()
        #expect(whole.count > 20)
        #expect(whole.filter(\.isTalking).allSatisfy { (1.95...4.05).contains($0.seconds) })
        #expect(whole.filter { !$0.isTalking }.allSatisfy { (0.75...1.25).contains($0.seconds) })
        #expect(runs.first?.isTalking == true)
    }

    @Test("talk is loud enough to be found and never clips")
    func loudness() async throws {
        let all = try await chunks(100).flatMap(samples)
        #expect((0.03...0.5).contains(level(all)))
        #expect(all.allSatisfy { abs(Int($0)) < 32_000 })
    }

    @Test("syllables: loudness rises and falls four times a second")
    func syllables() async throws {
        let levels = try await chunks(100).map { level(samples($0)) }
        let peak = levels.max() ?? 0
        // A dip every 250 ms, that is every 12.5 chunks.
        let dips = levels.indices.dropFirst().dropLast().filter {
            levels[$0] < levels[$0 - 1] && levels[$0] <= levels[$0 + 1] && levels[$0] < peak / 2
        }
        #expect((6...9).contains(dips.count), "\(dips)")
    }

    @Test("the pitch stays between 110 and 210 Hz")
    func pitch() async throws {
        // The strongest repetition within the loud middle of a syllable, by autocorrelation.
        let all = try await chunks(90).flatMap(samples).map(Double.init)
        for start in stride(from: 4_000, to: 72_000, by: 12_000) {
            let window = all[start..<(start + 4_000)]
            let best = (150...600).max { left, right in
                correlation(window, left) < correlation(window, right)
            }
            let pitch = 48_000 / Double(best ?? 1)
            #expect((100.0...220.0).contains(pitch), "at \(start): \(pitch) Hz")
        }
    }

    private func correlation(_ window: ArraySlice<Double>, _ lag: Int) -> Double {
        var sum = 0.0
        for index in stride(from: window.startIndex, to: window.endIndex - 600, by: 2) {
            sum += window[index] * window[index + lag]
        }
        return sum
    }

    @Test("the same samples every time")
    func deterministic() async throws {
        let first = try await chunks(400).map(samples)
        #expect(try await chunks(400).map(samples) == first)
    }
}
