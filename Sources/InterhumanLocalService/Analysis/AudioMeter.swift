#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import InterhumanCore

/// What 20 ms of sound gave.
struct AudioReading: Equatable {
    /// Session time of the beginning, in seconds.
    var time: Double
    /// Mean square of the samples, full scale 1.
    var meanSquare: Double
    /// Whether it stands out from the background.
    var isVoice: Bool
    /// Fundamental frequency in Hz, where one was found; looked for in every second reading.
    var pitch: Double?

    /// Level in dBFS, full-scale square wave 0; -100 for silence.
    var level: Double { Decibels.level(meanSquare: meanSquare) }
}

/// Turns samples into readings of 20 ms.
struct AudioMeter {
    /// Seconds a reading lasts.
    static let interval = 0.02
    /// Least rate at which sound is measured at all, in Hz.
    static let lowestSampleRate = 1000
    /// Least rate that pitch is looked for at, in Hz: enough for 400 Hz, and a sixth of the work at 48 kHz.
    private static let pitchRate = 8000

    private var sampleRate = 0
    private var detector = VoiceActivityDetector()
    /// Mono samples of the reading under way.
    private var pending: [Double] = []
    private var pendingTime = 0.0
    /// The reading before, decimated; with the one under way it makes the 40 ms that pitch needs.
    private var previous: [Double] = []
    private var isPitchDue = false

    /// Measures a chunk that begins at `time` (session seconds). Gives the readings that it completed.
    mutating func measure(_ chunk: AudioChunk, at time: Double) -> [AudioReading] {
        let channels = chunk.format.channelCount
        let rate = chunk.format.sampleRate
        guard channels > 0, rate >= Self.lowestSampleRate else { return [] }
        let expected = pendingTime + Double(pending.count) / Double(max(sampleRate, 1))
        if rate != sampleRate || abs(time - expected) > 0.05 {
            sampleRate = rate
            pending.removeAll(keepingCapacity: true)
            previous.removeAll()
            pendingTime = time
        }
        let step = rate / 50
        var readings: [AudioReading] = []
        readings.reserveCapacity(chunk.frameCount / step + 1)
        let scale = 1 / Double(channels)
        for frame in 0..<chunk.frameCount {
            var sum = 0.0
            switch chunk.samples {
            case .int16(let samples):
                for index in frame * channels..<(frame + 1) * channels { sum += Double(samples[index]) / 32768 }
            case .float32(let samples):
                for index in frame * channels..<(frame + 1) * channels { sum += Double(samples[index]) }
            }
            // A decoder may give infinities for hostile input; they would poison every later mean.
            pending.append(sum.isFinite ? max(-1, min(1, sum * scale)) : 0)
            if pending.count == step {
                readings.append(completeReading())
            }
        }
        return readings
    }

    private mutating func completeReading() -> AudioReading {
        let meanSquare = pending.reduce(0) { $0 + $1 * $1 } / Double(pending.count)
        let isVoice = detector.isVoice(level: Decibels.level(meanSquare: meanSquare))
        let factor = max(1, sampleRate / Self.pitchRate)
        let decimated = Self.decimate(pending, by: factor)
        isPitchDue.toggle()
        var pitch: Double?
        if isVoice, isPitchDue, !previous.isEmpty {
            pitch = PitchEstimator.pitch(of: previous + decimated, sampleRate: Double(sampleRate) / Double(factor))
        }
        let reading = AudioReading(time: pendingTime, meanSquare: meanSquare, isVoice: isVoice, pitch: pitch)
        previous = decimated
        pendingTime += Double(pending.count) / Double(sampleRate)
        pending.removeAll(keepingCapacity: true)
        return reading
    }

    /// Means of runs of `factor` samples: a plain low-pass and decimation in one.
    private static func decimate(_ samples: [Double], by factor: Int) -> [Double] {
        guard factor > 1 else { return samples }
        return stride(from: 0, to: samples.count - factor + 1, by: factor).map { start in
            samples[start..<start + factor].reduce(0, +) / Double(factor)
        }
    }
}

/// Levels in dBFS.
enum Decibels {
    /// What silence counts as.
    static let silence = -100.0

    /// The level of a mean square (full scale 1), at least ``silence``.
    static func level(meanSquare: Double) -> Double {
        meanSquare > 0 ? max(silence, 10 * log10(meanSquare)) : silence
    }

    /// How many semitones `frequency` lies above `reference`, both in Hz.
    static func semitones(_ frequency: Double, above reference: Double) -> Double {
        12 * log2(frequency / reference)
    }
}
