/// Times alternatives in turn, so that whatever else the machine does falls on all of them, and keeps each one's best.
enum Measurement {
    /// Best seconds of each alternative over some rounds.
    static func best<Failure: Error>(
        rounds: Int = 15, _ alternatives: [() throws(Failure) -> Void]
    ) throws(Failure) -> [Double] {
        var best = [Double](repeating: .infinity, count: alternatives.count)
        for _ in 0..<rounds {
            for (index, alternative) in alternatives.enumerated() {
                let clock = ContinuousClock()
                let start = clock.now
                try alternative()
                let parts = (clock.now - start).components
                best[index] = min(best[index], Double(parts.seconds) + Double(parts.attoseconds) / 1e18)
            }
        }
        return best
    }

    /// A number with so many digits behind the point.
    static func text(_ value: Double, _ digits: Int = 2) -> String {
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        let rounded = (value * scale).rounded() / scale
        return "\(rounded)"
    }
}

extension [Double] {
    /// The middle value; that of an empty list is not a number.
    var median: Double {
        isEmpty ? .nan : sorted()[count / 2]
    }
}

/// Keeps the optimiser from dropping what made the value.
@inline(never)
func consume<Value>(_ value: Value) {
    withExtendedLifetime(value) {}
}
