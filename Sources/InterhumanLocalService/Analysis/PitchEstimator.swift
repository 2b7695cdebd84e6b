/// Finds the fundamental frequency of a short stretch of voiced sound by normalised autocorrelation.
enum PitchEstimator {
    /// The range looked for, in Hz: speaking voices.
    static let range = 60.0...400.0
    /// How alike a stretch and its shifted self must be to count as periodic, of 1.
    static let clarity = 0.5

    /// The pitch of `samples` in Hz, or nil when they are not periodic. `sampleRate` is in Hz; 40 ms suffice.
    static func pitch(of samples: [Double], sampleRate: Double) -> Double? {
        let shortest = Int((sampleRate / range.upperBound).rounded(.down))
        let longest = min(Int((sampleRate / range.lowerBound).rounded(.up)), samples.count / 2)
        guard shortest >= 2, longest > shortest else { return nil }
        let mean = samples.reduce(0, +) / Double(samples.count)
        let centred = samples.map { $0 - mean }
        let scores = (shortest - 1...longest + 1).map { correlation(of: centred, lag: $0) }
        // Lags whose neighbours are less alike. The shortest one that is nearly as good as the best is the pitch:
        // multiples of the true period score as high as the period itself.
        let peaks = (1..<scores.count - 1).filter {
            scores[$0] >= clarity && scores[$0] >= scores[$0 - 1] && scores[$0] > scores[$0 + 1]
        }
        guard let best = peaks.map({ scores[$0] }).max(),
            let peak = peaks.first(where: { scores[$0] >= 0.9 * best })
        else { return nil }
        let lag = Double(peak + shortest - 1) + vertex(scores[peak - 1], scores[peak], scores[peak + 1])
        return sampleRate / lag
    }

    /// How alike the samples and themselves `lag` later are, -1 to 1.
    private static func correlation(of samples: [Double], lag: Int) -> Double {
        let count = samples.count - lag
        guard count > 0 else { return 0 }
        return samples.withUnsafeBufferPointer { samples in
            var product = 0.0
            var energy = 0.0
            var shiftedEnergy = 0.0
            var index = 0
            while index < count {
                let sample = samples[index]
                let shifted = samples[index + lag]
                product += sample * shifted
                energy += sample * sample
                shiftedEnergy += shifted * shifted
                index += 1
            }
            let scale = (energy * shiftedEnergy).squareRoot()
            return scale > 0 ? product / scale : 0
        }
    }

    /// Where between three equidistant points their parabola peaks, from -0.5 to 0.5 around the middle one.
    private static func vertex(_ left: Double, _ middle: Double, _ right: Double) -> Double {
        let curvature = left - 2 * middle + right
        return curvature < 0 ? max(-0.5, min(0.5, 0.5 * (left - right) / curvature)) : 0
    }
}
