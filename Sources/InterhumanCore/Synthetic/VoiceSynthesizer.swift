#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Makes the samples of ``VoiceLikeAudioSource``.
///
/// One period of two vowels lies in tables (harmonics weighed by formants); each syllable fades from one vowel towards
/// the other, with a pitch between 120 and 200 Hz.
struct VoiceSynthesizer: Sendable {
    private let sampleRate: Double
    private let open: [Float]
    private let close: [Float]

    private var random: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var phase = 0.0
    private var isTalking = false
    private var samplesLeft = 0
    private var samplesDone = 0

    /// Syllables a second.
    static let syllableRate = 4.0

    /// Creates a voice that begins with a spurt; `sampleRate` is in Hz.
    init(sampleRate: Int) {
        self.sampleRate = Double(sampleRate)
        open = Self.period(formants: [(700, 1), (1_200, 0.5), (2_600, 0.2)])
        close = Self.period(formants: [(300, 1), (2_200, 0.4), (3_000, 0.2)])
    }

    /// Gives the next samples.
    mutating func next(_ count: Int) -> [Int16] {
        var samples = [Int16](repeating: 0, count: count)
        for index in samples.indices {
            if samplesLeft == 0 { turn() }
            if isTalking { samples[index] = speak() }
            samplesLeft -= 1
            samplesDone += 1
        }
        return samples
    }

    /// From talk to pause or back.
    private mutating func turn() {
        isTalking.toggle()
        let seconds = isTalking ? 2 + 2 * randomUnit() : 0.8 + 0.4 * randomUnit()
        samplesLeft = max(1, Int(seconds * sampleRate))
        samplesDone = 0
    }

    private mutating func speak() -> Int16 {
        let seconds = Double(samplesDone) / sampleRate
        let syllable = seconds * Self.syllableRate
        let intoSyllable = syllable - syllable.rounded(.down)
        let loudness = sin(.pi * intoSyllable)
        let pitch = 160 + 40 * sin(2 * .pi * seconds * 0.7)
        phase += pitch / sampleRate
        phase -= phase.rounded(.down)
        let position = min(Int(phase * Double(Self.tableSize)), Self.tableSize - 1)
        let blend = Float(intoSyllable)
        let wave = open[position] * (1 - blend) + close[position] * blend
        return Int16(wave * Float(loudness) * 12_000)
    }

    /// A number from 0 up to 1, from a linear congruential generator: the same sequence on every machine.
    private mutating func randomUnit() -> Double {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(random >> 11) / Double(1 << 53)
    }

    private static let tableSize = 2_048

    /// One period of a vowel at 160 Hz, peak 1: harmonics, each as strong as the formants nearby make it.
    private static func period(formants: [(frequency: Double, strength: Double)]) -> [Float] {
        var wave = [Double](repeating: 0, count: tableSize)
        for harmonic in 1...24 {
            let frequency = Double(harmonic) * 160
            let strength = formants.reduce(0.02) { sum, formant in
                let distance = (frequency - formant.frequency) / 150
                return sum + formant.strength / (1 + distance * distance)
            }
            for index in wave.indices {
                wave[index] += strength * sin(2 * .pi * Double(harmonic * index) / Double(tableSize))
            }
        }
        let peak = wave.reduce(0) { max($0, abs($1)) }
        return wave.map { Float(peak > 0 ? $0 / peak : 0) }
    }
}
