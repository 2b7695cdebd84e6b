import InterhumanCore

extension SignalRule {
    /// The rules in use.
    ///
    /// Confusion, disagreement and skepticism have none: no figure measured here could stand for them.
    static let standard: [SignalRule] = [
        SignalRule(
            name: "Steady, audible speech", signal: .confidence,
            conditions: [
                FeatureCondition(.voiceActivity, .rises(from: 0.3, to: 0.75)),
                FeatureCondition(.loudness, .rises(from: -40, to: -24)),
                FeatureCondition(.longestPause, .falls(from: 0.6, to: 2)),
            ], also: [.pauseCount]),
        SignalRule(
            name: "Lively speech", signal: .engagement,
            conditions: [
                FeatureCondition(.voiceActivity, .rises(from: 0.2, to: 0.6)),
                FeatureCondition(.pitchVariation, .rises(from: 0.8, to: 3)),
            ], also: [.loudness, .pitch]),
        SignalRule(
            name: "Speech with movement", signal: .engagement,
            conditions: [
                FeatureCondition(.voiceActivity, .rises(from: 0.15, to: 0.5)),
                FeatureCondition(.motion, .rises(from: 1, to: 4)),
            ], also: [.loudness]),
        SignalRule(
            name: "Long pauses in speech", signal: .hesitation,
            conditions: [
                FeatureCondition(.longestPause, .rises(from: 0.6, to: 1.6)),
                FeatureCondition(.voiceActivity, .rises(from: 0.05, to: 0.2)),
                FeatureCondition(.pauseCount, .rises(from: 0, to: 1)),
            ]),
        SignalRule(
            name: "Frequent pauses in quiet speech", signal: .uncertainty,
            conditions: [
                FeatureCondition(.pauseCount, .rises(from: 1, to: 4)),
                FeatureCondition(.voiceActivity, .rises(from: 0.05, to: 0.2)),
                FeatureCondition(.loudness, .falls(from: -34, to: -22)),
            ]),
        SignalRule(
            name: "Strong movement with short utterances", signal: .agreement,
            conditions: [
                FeatureCondition(.motion, .rises(from: 2, to: 7)),
                FeatureCondition(.voiceActivity, .peaks(at: 0.3, reach: 0.4)),
            ], also: [.pauseCount]),
        SignalRule(
            name: "Movement while listening", signal: .interest,
            conditions: [
                FeatureCondition(.motion, .rises(from: 0.6, to: 3)),
                FeatureCondition(.voiceActivity, .falls(from: 0.1, to: 0.4)),
            ], also: [.brightness]),
        SignalRule(
            name: "Movement in the picture", signal: .interest,
            conditions: [FeatureCondition(.motion, .rises(from: 1, to: 4))], also: [.brightness],
            onlyWithout: .loudness),
        SignalRule(
            name: "Silence and stillness", signal: .disengagement,
            conditions: [
                FeatureCondition(.motion, .falls(from: 0.2, to: 0.8)),
                FeatureCondition(.voiceActivity, .falls(from: 0.02, to: 0.15)),
            ], also: [.loudness]),
        SignalRule(
            name: "Silence", signal: .disengagement,
            conditions: [
                FeatureCondition(.voiceActivity, .falls(from: 0.01, to: 0.1)),
                FeatureCondition(.loudness, .falls(from: -60, to: -40)),
            ], onlyWithout: .motion),
        SignalRule(
            name: "Stillness", signal: .disengagement,
            conditions: [FeatureCondition(.motion, .falls(from: 0.1, to: 0.6))], also: [.brightness],
            onlyWithout: .loudness),
        SignalRule(
            name: "Loud speech with unsteady pitch", signal: .stress,
            conditions: [
                FeatureCondition(.loudness, .rises(from: -20, to: -10)),
                FeatureCondition(.pitchVariation, .rises(from: 3, to: 6)),
                FeatureCondition(.voiceActivity, .rises(from: 0.3, to: 0.6)),
            ]),
        SignalRule(
            name: "Loud sound with strong movement", signal: .frustration,
            conditions: [
                FeatureCondition(.loudness, .rises(from: -16, to: -8)),
                FeatureCondition(.motion, .rises(from: 6, to: 14)),
            ]),
        SignalRule(
            name: "Loud speech almost without a pause", signal: .tension,
            conditions: [
                FeatureCondition(.loudness, .rises(from: -22, to: -12)),
                FeatureCondition(.voiceActivity, .rises(from: 0.9, to: 0.98)),
                FeatureCondition(.longestPause, .falls(from: 0.1, to: 0.3)),
            ]),
    ]
}
