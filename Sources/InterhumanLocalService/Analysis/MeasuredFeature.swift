import InterhumanCore

/// A figure of a window, by name: what rules are written in, and the words for it in a rationale.
enum MeasuredFeature: Sendable, Hashable, CaseIterable {
    /// Share of the time with voice, 0 to 1.
    case voiceActivity
    /// RMS level in dBFS.
    case loudness
    /// Number of pauses.
    case pauseCount
    /// Longest stretch without voice, in seconds.
    case longestPause
    /// Median pitch in Hz.
    case pitch
    /// Standard deviation of the pitch in semitones.
    case pitchVariation
    /// Mean absolute luminance difference between looks 0.1 s apart, in levels of 255.
    case motion
    /// Mean luminance, 0 to 255.
    case brightness

    /// The figure, or nil when the window has no such track or too little of it.
    func value(in window: WindowFeatures) -> Double? {
        switch self {
        case .voiceActivity: window.audio?.voiceActivity
        case .loudness: window.audio?.loudness
        case .pauseCount: window.audio.map { Double($0.pauseCount) }
        case .longestPause: window.audio?.longestPause
        case .pitch: window.audio?.pitch
        case .pitchVariation: window.audio?.pitchVariation
        case .motion: window.video?.motion
        case .brightness: window.video?.brightness
        }
    }

    /// What the figure is read from.
    var modality: SignalModality {
        switch self {
        case .voiceActivity, .loudness, .pauseCount, .longestPause, .pitch, .pitchVariation: .audio
        case .motion, .brightness: .video
        }
    }

    /// The figure in words: "loudness -21 dBFS".
    func phrase(in window: WindowFeatures) -> String? {
        guard let value = value(in: window) else { return nil }
        switch self {
        case .voiceActivity: return "voice active \((value * 100).figure()) % of the time"
        case .loudness: return "loudness \(value.figure()) dBFS"
        case .pauseCount: return value == 1 ? "1 pause" : "\(value.figure()) pauses"
        case .longestPause: return "longest silence \(value.figure(decimals: 1)) s"
        case .pitch: return "pitch \(value.figure()) Hz"
        case .pitchVariation: return "pitch varying by \(value.figure(decimals: 1)) semitones"
        case .motion: return "motion \(value.figure(decimals: 1)) of 255 levels"
        case .brightness: return "brightness \(value.figure()) of 255"
        }
    }

    /// A sentence with the figures of a window: what was measured, no more.
    static func sentence(_ features: [MeasuredFeature], in window: WindowFeatures) -> String {
        let phrases = features.compactMap { $0.phrase(in: window) }.joined(separator: ", ")
        return "Measured over the last \(window.duration.figure(decimals: 1)) s: \(phrases)."
    }
}

extension Double {
    /// The number with up to three decimals, rounded, always with that many: 7.96 with one decimal is "8.0".
    func figure(decimals: Int = 0) -> String {
        guard isFinite, abs(self) < 1e15 else { return "\(self)" }
        let scale = (0..<decimals).reduce(1) { product, _ in product * 10 }
        let scaled = Int64((self * Double(scale)).rounded())
        let sign = scaled < 0 ? "-" : ""
        let magnitude = scaled.magnitude
        guard decimals > 0 else { return sign + String(magnitude) }
        let fraction = String(magnitude % UInt64(scale))
        let zeros = String(repeating: "0", count: decimals - fraction.count)
        return "\(sign)\(magnitude / UInt64(scale)).\(zeros)\(fraction)"
    }
}
