import InterhumanCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// So many seconds of a stream, put together.
struct Recorded {
    var start = MediaTime.zero
    var samples: [Int16] = []
    /// Chunks that did not begin where the one before ended.
    var gaps = 0
    /// The first one, for people.
    var firstGap = "none"
    private let format: AudioFormat

    init(_ stream: AudioStream, seconds: Double) async throws(CaptureError) {
        format = stream.format
        for try await chunk in stream.chunks {
            add(chunk)
            if Double(samples.count / format.channelCount) >= seconds * Double(format.sampleRate) { break }
        }
    }

    /// Chunks that are there already.
    init(_ chunks: [AudioChunk], format: AudioFormat) {
        self.format = format
        chunks.forEach { add($0) }
    }

    private mutating func add(_ chunk: AudioChunk) {
        guard case .int16(let added) = chunk.samples else { return }
        if samples.isEmpty {
            start = chunk.captureTime
        } else if abs((chunk.captureTime - time(of: samples.count / format.channelCount)).inSeconds) > 1e-6 {
            if gaps == 0 {
                let expected = time(of: samples.count / format.channelCount)
                firstGap = "\((chunk.captureTime - expected).inSeconds) s at \((expected - start).inSeconds) s"
            }
            gaps += 1
        }
        samples += added
    }

    /// When a sample frame was taken.
    func time(of frame: Int) -> MediaTime {
        start + .seconds(Double(frame) / Double(format.sampleRate))
    }
}

/// Looks at sine tones.
enum Tone {
    /// So many samples of a tone at 48 kHz.
    static func sine(_ frequency: Double, count: Int, amplitude: Double) -> [Int16] {
        (0..<count).map { Int16(amplitude * sin(2 * .pi * frequency * Double($0) / 48_000)) }
    }

    /// Frequency in Hz of mono samples at 48 kHz, by their upward zero crossings.
    static func frequency(_ samples: [Int16]) -> Double {
        let crossings = zip(samples, samples.dropFirst()).enumerated().filter { $0.element.0 < 0 && $0.element.1 >= 0 }
        guard let first = crossings.first?.offset, let last = crossings.last?.offset, last > first else { return 0 }
        return Double(crossings.count - 1) * 48_000 / Double(last - first)
    }
}
