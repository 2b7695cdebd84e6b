import Glibc
import Interhuman
import Synchronization

/// The loudest sample of a track, for whoever asks now and then.
final class PeakLevel: Sendable {
    private let peak = Mutex<Float?>(nil)

    /// Takes note of samples.
    func hear(_ samples: AudioSamples) {
        let loudest: Float =
            switch samples {
            case .int16(let samples): samples.reduce(0) { max($0, abs(Float($1) / 32_768)) }
            case .float32(let samples): samples.reduce(0) { max($0, $1.isFinite ? abs($1) : 0) }
            }
        peak.withLock { $0 = max($0 ?? 0, loudest) }
    }

    /// The loudest sample since this was asked last, for people; nil before the first sample.
    var text: String? {
        let loudest = peak.withLock { peak in
            defer { peak = peak.map { _ in 0 } }
            return peak
        }
        return loudest.map { $0 > 0 ? "\(Int((20 * log10($0)).rounded())) dBFS" : "silent" }
    }
}
