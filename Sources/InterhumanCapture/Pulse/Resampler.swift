#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Stretches or shrinks sound by some parts per million without a click: band-limited interpolation at a position
/// that never jumps. At a ratio of exactly one the samples pass unchanged.
struct Resampler {
    /// Samples on either side of a position that take part.
    private static let reach = 16
    private static let taps = 2 * reach
    /// Positions between two samples for which the weights are kept.
    private static let phases = 512
    private static let weights = makeWeights()

    private let channelCount: Int
    /// Interleaved samples that are still needed.
    private var history: [Float]
    /// Where the next output lies in `history`, in sample frames.
    private var position: Double

    /// A resampler for interleaved samples of `channelCount` channels.
    init(channelCount: Int) {
        self.channelCount = max(1, channelCount)
        history = [Float](repeating: 0, count: (Self.reach - 1) * self.channelCount)
        position = Double(Self.reach - 1)
    }

    /// Sample frames taken in that have no output yet.
    var pendingFrames: Double {
        Double(history.count / channelCount) - position
    }

    /// Takes samples in and gives what is complete. `stretch` is the output's excess: 100e-6 makes 10,001 of 10,000.
    mutating func process(_ samples: some Collection<Int16>, stretch: Double) -> [Int16] {
        history.reserveCapacity(history.count + samples.count)
        for sample in samples { history.append(Float(sample)) }
        let step = 1 / (1 + stretch)
        let frames = history.count / channelCount
        var output: [Int16] = []
        output.reserveCapacity(samples.count + 8 * channelCount)
        while position + Double(Self.reach) < Double(frames) {
            appendFrame(to: &output)
            position += step
        }
        forget()
        return output
    }

    private func appendFrame(to output: inout [Int16]) {
        let whole = Int(position)
        let fraction = position - Double(whole)
        guard fraction > 1e-9 else {
            for channel in 0..<channelCount { output.append(Int16(history[whole * channelCount + channel])) }
            return
        }
        let scaled = Float(fraction) * Float(Self.phases)
        let phase = min(Int(scaled), Self.phases - 1)
        let blend = scaled - Float(phase)
        let first = whole - Self.reach + 1
        // Pointers, as this is the only loop of the capture layer that touches every sample many times.
        Self.weights.withUnsafeBufferPointer { weights in
            history.withUnsafeBufferPointer { history in
                for channel in 0..<channelCount {
                    var sum: Float = 0
                    for tap in 0..<Self.taps {
                        let low = weights[phase * Self.taps + tap]
                        let high = weights[(phase + 1) * Self.taps + tap]
                        sum += history[(first + tap) * channelCount + channel] * (low + (high - low) * blend)
                    }
                    output.append(Int16(clamping: Int(sum.rounded())))
                }
            }
        }
    }

    /// Drops what no later output needs.
    private mutating func forget() {
        let unneeded = Int(position) - (Self.reach - 1)
        guard unneeded > 0 else { return }
        history.removeFirst(unneeded * channelCount)
        position -= Double(unneeded)
    }

    /// A sinc under a Blackman window for each phase, each summing to one so that the level stays.
    private static func makeWeights() -> [Float] {
        var weights: [Float] = []
        for phase in 0...phases {
            let fraction = Double(phase) / Double(phases)
            var row: [Double] = []
            for tap in 0..<taps {
                let distance = Double(tap - reach + 1) - fraction
                let sinc = distance == 0 ? 1 : sin(.pi * distance) / (.pi * distance)
                let place = distance / Double(reach)
                row.append(sinc * (0.42 + 0.5 * cos(.pi * place) + 0.08 * cos(2 * .pi * place)))
            }
            let sum = row.reduce(0, +)
            weights += row.map { Float($0 / sum) }
        }
        return weights
    }
}
