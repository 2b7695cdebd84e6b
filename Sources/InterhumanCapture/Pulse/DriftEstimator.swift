import InterhumanCore

/// Measures how a source's clock runs against the machine's, from the times of its samples.
///
/// Single times jump by a fragment and more; the median of a window doesn't. The slope over the last minute of windows
/// is the drift.
struct DriftEstimator {
    /// Length of a window, in seconds.
    static let window = 2.0
    /// Windows that the slope is taken over.
    static let kept = 30
    /// Time that the windows must span before the slope is believed, in seconds.
    static let trusted = 10.0
    /// A step between windows beyond this, in seconds, is a jump of the server's numbers or lost samples, not drift.
    static let step = 0.02
    /// No sound card is worse; what exceeds it is a step, not drift.
    static let largest = 2000e-6

    private var windowStart: Double?
    private var values: [Double] = []
    private var medians: [(time: Double, phase: Double)] = []

    /// How much slower the source runs, as a fraction; nil until it is known.
    private(set) var drift: Double?

    /// Takes the difference between a sample's time and what the count of samples says, in seconds, at a time in
    /// seconds. Returns true when a window was completed.
    mutating func add(phase: Double, at time: Double) -> Bool {
        let start = windowStart ?? time
        windowStart = start
        values.append(phase)
        guard time - start >= Self.window else { return false }
        values.sort()
        let median = values[values.count / 2]
        if let last = medians.last, abs(median - last.phase) > Self.step { medians = [] }
        medians.append(((time + start) / 2, median))
        if medians.count > Self.kept { medians.removeFirst() }
        values.removeAll(keepingCapacity: true)
        windowStart = nil
        update()
        return true
    }

    /// Forgets the phases, which a jump of the timeline made worthless, but not the drift.
    mutating func forgetPhases() {
        values = []
        medians = []
        windowStart = nil
    }

    private mutating func update() {
        guard let first = medians.first, let last = medians.last, last.time - first.time >= Self.trusted else { return }
        let count = Double(medians.count)
        let meanTime = medians.reduce(0) { $0 + $1.time } / count
        let meanPhase = medians.reduce(0) { $0 + $1.phase } / count
        let covariance = medians.reduce(0) { $0 + ($1.time - meanTime) * ($1.phase - meanPhase) }
        let variance = medians.reduce(0) { $0 + ($1.time - meanTime) * ($1.time - meanTime) }
        guard variance > 0 else { return }
        drift = min(max(covariance / variance, -Self.largest), Self.largest)
    }
}
