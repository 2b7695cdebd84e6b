import Interhuman
import Synchronization
import TerminalView

/// The loudest sample of a track, for whoever asks now and then.
final class PeakLevel: Sendable {
    private let peak = Mutex<Double?>(nil)

    /// Takes note of samples.
    func hear(_ samples: AudioSamples) {
        let level = SoundLevel(samples).peak
        peak.withLock { $0 = max($0 ?? SoundLevel.floor, level) }
    }

    /// The loudest sample since this was asked last, for people; nil before the first sample.
    var text: String? {
        let loudest = peak.withLock { peak in
            defer { peak = peak.map { _ in SoundLevel.floor } }
            return peak
        }
        return loudest.map { $0 > SoundLevel.floor ? "\(Int($0.rounded())) dBFS" : "silent" }
    }
}
