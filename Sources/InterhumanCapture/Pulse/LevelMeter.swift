import InterhumanCore

/// Measures level, and finds sound that consists of zeros only: what a mute gives, and no real microphone.
struct LevelMeter {
    private(set) var level = AudioLevel()
    private(set) var isSilent = false
    private var zeroTime = 0.0
    private let silenceTimeout: Double

    /// Calls the sound silent after so long of zeros.
    init(silenceTimeout: Duration) {
        self.silenceTimeout = silenceTimeout.inSeconds
    }

    /// Takes samples that last `seconds`. Returns the change between silent and audible, if any.
    mutating func add(_ samples: [Int16], seconds: Double) -> MicrophoneEvent? {
        var peak: Int32 = 0
        var squares = 0.0
        for sample in samples {
            let value = Int32(sample)
            peak = max(peak, abs(value))
            squares += Double(value * value)
        }
        level.peak = Double(peak) / 32_768
        level.rms = samples.isEmpty ? 0 : (squares / Double(samples.count)).squareRoot() / 32_768
        zeroTime = peak == 0 ? zeroTime + seconds : 0
        let wasSilent = isSilent
        isSilent = zeroTime >= silenceTimeout
        return isSilent == wasSilent ? nil : isSilent ? .silent : .audible
    }
}
