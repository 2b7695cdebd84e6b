import Glibc
import InterhumanCore

/// Silence with a short soft-edged burst at every whole second.
struct ClickTrack {
    var sampleRate = 48_000
    var channelCount = 1

    var format: AudioFormat { AudioFormat(sampleRate: sampleRate, channelCount: channelCount) }

    private var burstLength: Int { sampleRate / 200 }

    /// The sample frame at `position`, which counts from time 0. A burst is centred on each second but the first.
    func sample(_ position: Int) -> Float {
        let second = (position + sampleRate / 2) / sampleRate
        let distance = position - second * sampleRate
        guard second > 0, abs(distance) <= burstLength / 2 else { return 0 }
        let phase = Float(distance) / Float(burstLength)
        let window = 0.5 + 0.5 * cosf(2 * .pi * phase)
        return 0.8 * window * cosf(2 * .pi * 1500 * Float(distance) / Float(sampleRate))
    }

    /// A chunk of `count` sample frames from `position`, stamped `epoch` later.
    func chunk(from position: Int, count: Int, epoch: MediaTime) -> AudioChunk {
        var samples = [Float](repeating: 0, count: count * channelCount)
        // All but the bursts is silence.
        let seconds = (position + sampleRate / 2) / sampleRate...(position + count + sampleRate / 2) / sampleRate
        for second in seconds where second > 0 {
            let burst = second * sampleRate - burstLength / 2...second * sampleRate + burstLength / 2
            for place in burst.clamped(to: position...position + count - 1) where burst.contains(place) {
                for channel in 0..<channelCount {
                    samples[(place - position) * channelCount + channel] = sample(place)
                }
            }
        }
        return AudioChunk(
            format: format,
            captureTime: epoch + .nanoseconds(Int64(position) * 1_000_000_000 / Int64(sampleRate)),
            samples: .float32(samples))
    }

    /// Where the burst around `time` (seconds) is centred in a mono signal that begins at `start` (seconds); nil when
    /// there is none within 100 ms.
    static func centre(near time: Double, in samples: [Float], start: Double, sampleRate: Double) -> Double? {
        let first = Int((time - start - 0.1) * sampleRate)
        let last = Int((time - start + 0.1) * sampleRate)
        guard first >= 0, last < samples.count else { return nil }
        var energy = 0.0
        var moment = 0.0
        for index in first...last {
            let power = Double(samples[index]) * Double(samples[index])
            energy += power
            moment += power * Double(index)
        }
        guard energy > 1 else { return nil }
        return start + moment / energy / sampleRate
    }
}
