import Glibc
public import InterhumanCore

/// How loud a run of samples is, in dBFS: 0 is full scale.
public struct SoundLevel: Sendable, Hashable {
    /// What stands for silence.
    public static let floor = -90.0

    /// Root mean square over all channels; a full-scale square wave has 0.
    public var loudness: Double
    /// The largest sample.
    public var peak: Double

    /// Creates a level of figures in dBFS.
    public init(loudness: Double, peak: Double) {
        (self.loudness, self.peak) = (loudness, peak)
    }

    /// Measures a chunk. One without samples is silent.
    public init(_ samples: AudioSamples) {
        switch samples {
        case .int16(let values): self.init(values.lazy.map { Double($0) / 32768 })
        case .float32(let values): self.init(values.lazy.map { $0.isFinite ? Double($0) : 0 })
        }
    }

    private init(_ values: some Sequence<Double>) {
        var (sum, largest, count) = (0.0, 0.0, 0)
        for value in values {
            sum += value * value
            largest = max(largest, abs(value))
            count += 1
        }
        loudness = Self.decibels((sum / Double(max(1, count))).squareRoot())
        peak = Self.decibels(largest)
    }

    private static func decibels(_ amplitude: Double) -> Double {
        guard amplitude > 0 else { return floor }
        return max(floor, 20 * log10(amplitude))
    }
}

/// A meter as sound engineers know it: rises at once, falls slowly, and holds its peak for a while.
struct LevelMeter: Sendable, Hashable {
    /// How fast it falls, in dB a second.
    private static let fall = 26.0
    /// How long a peak is held, in seconds.
    private static let hold = 1.5

    /// What the bar shows, in dBFS.
    private(set) var level = SoundLevel.floor
    /// What the mark shows, in dBFS.
    private(set) var peak = SoundLevel.floor
    private var peakAge = 0.0

    /// Whether a sample reached full scale lately.
    var isClipping: Bool { peak > -0.1 }

    /// Takes the level of sound that lasted so many seconds.
    mutating func take(_ sound: SoundLevel, lasting seconds: Double) {
        level = max(sound.loudness, level - Self.fall * seconds, SoundLevel.floor)
        peakAge += seconds
        if sound.peak >= peak {
            (peak, peakAge) = (sound.peak, 0)
        } else if peakAge > Self.hold {
            peak = max(sound.peak, peak - Self.fall * seconds, SoundLevel.floor)
        }
    }
}
