import InterhumanCore

/// A named rule from measured figures to a signal.
///
/// Its strength is that of its weakest condition: all of them must be met. A signal begins when the strength reaches
/// ``onset`` and ends when it falls below ``release``, so that a figure on the border does not flicker.
struct SignalRule: Sendable, Hashable {
    /// Strength at which a signal begins.
    static let onset = 0.5
    /// Strength below which a signal ends.
    static let release = 0.3

    /// What the rule looks for, for people.
    var name: String
    /// The signal that it stands for.
    var signal: SignalType
    /// What must be met, and what the rationale tells.
    var conditions: [FeatureCondition]
    /// Figures that the rationale tells besides.
    var also: [MeasuredFeature] = []
    /// Where this can be measured, the rule does not apply: another one with more to go by does.
    var onlyWithout: MeasuredFeature?

    /// How strongly a window meets the rule, 0 to 1; 0 when a figure could not be measured.
    func strength(in window: WindowFeatures) -> Double {
        if let onlyWithout, onlyWithout.value(in: window) != nil { return 0 }
        let degrees = conditions.map { $0.degree(in: window) ?? 0 }
        return degrees.min() ?? 0
    }

    /// The figures seen, in a sentence that begins with the rule's name.
    func rationale(for window: WindowFeatures) -> String {
        "\(name). " + MeasuredFeature.sentence(conditions.map(\.feature) + also, in: window)
    }

    /// What the rule reads.
    var modality: [SignalModality] {
        let read = Set(conditions.map(\.feature.modality))
        return [.video, .audio].filter(read.contains)
    }

    /// How sure a strength makes: the words of the wire.
    static func probability(of strength: Double) -> SignalProbability {
        if strength >= 0.8 { return .high }
        return strength >= onset ? .medium : .low
    }
}
