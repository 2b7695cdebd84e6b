import InterhumanCore

/// Reads raw samples (`pcm_s16le`, mono) out of messages that may be cut anywhere.
struct RawAudioReader {
    /// In Hz.
    let sampleRate: Int
    private var sampleCount: Int64
    private var oddByte: UInt8?

    /// `sampleRate` is in Hz, above 0; `sampleCount` samples went before.
    init(sampleRate: Int, sampleCount: Int64 = 0) {
        self.sampleRate = sampleRate
        self.sampleCount = sampleCount
    }

    /// The samples of a message, in chunks of at most a second; times count from the first sample.
    mutating func read(_ bytes: [UInt8]) -> [AudioChunk] {
        let all = oddByte.map { [$0] + bytes } ?? bytes
        oddByte = all.count % 2 == 1 ? all.last : nil
        let samples = (0..<all.count / 2).map { index in
            Int16(bitPattern: UInt16(all[2 * index]) | UInt16(all[2 * index + 1]) << 8)
        }
        return stride(from: 0, to: samples.count, by: sampleRate).map { start in
            let piece = Array(samples[start..<min(start + sampleRate, samples.count)])
            // In two steps: nanoseconds of all the samples that a session can carry would not fit before the division.
            let (seconds, rest) = sampleCount.quotientAndRemainder(dividingBy: Int64(sampleRate))
            let time = MediaTime(
                nanoseconds: seconds * 1_000_000_000 + rest * 1_000_000_000 / Int64(sampleRate))
            sampleCount += Int64(piece.count)
            return AudioChunk(
                format: AudioFormat(sampleRate: sampleRate, channelCount: 1), captureTime: time,
                samples: .int16(piece))
        }
    }
}
