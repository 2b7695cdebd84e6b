import InterhumanCore

/// Scores stretches of time from 0 to 100 in five dimensions, and everything so far as their mean over time.
struct QualityScorer {
    /// Seconds scored so far, and the scores times seconds.
    private var seconds = 0.0
    private var sums: [GoalDimension: Double] = [:]

    /// Which figures stand for a dimension. Each is graded by itself; the score is their mean.
    static func conditions(for dimension: GoalDimension) -> [FeatureCondition] {
        switch dimension {
        case .clarity:
            [
                FeatureCondition(.loudness, .rises(from: -50, to: -22)),
                FeatureCondition(.longestPause, .falls(from: 0.5, to: 3)),
                FeatureCondition(.brightness, .rises(from: 10, to: 70)),
            ]
        case .authority:
            [
                FeatureCondition(.loudness, .rises(from: -45, to: -18)),
                FeatureCondition(.voiceActivity, .rises(from: 0.1, to: 0.7)),
                FeatureCondition(.pauseCount, .falls(from: 1, to: 6)),
            ]
        case .energy:
            [
                FeatureCondition(.loudness, .rises(from: -45, to: -15)),
                FeatureCondition(.motion, .rises(from: 0.2, to: 6)),
                FeatureCondition(.pitchVariation, .rises(from: 0.3, to: 4)),
            ]
        case .rapport:
            [
                FeatureCondition(.voiceActivity, .peaks(at: 0.5, reach: 0.5)),
                FeatureCondition(.motion, .rises(from: 0.2, to: 3)),
            ]
        case .learning:
            [
                FeatureCondition(.voiceActivity, .peaks(at: 0.4, reach: 0.5)),
                FeatureCondition(.pauseCount, .peaks(at: 2, reach: 4)),
            ]
        case .unknown: []
        }
    }

    /// Scores a window by itself.
    static func score(_ window: WindowFeatures) -> ConversationQuality {
        quality(scores(of: window))
    }

    /// Scores a stretch of time, and adds it to the whole. Stretches don't overlap.
    mutating func add(_ stretch: WindowFeatures) -> ConversationQuality {
        let scores = Self.scores(of: stretch)
        seconds += stretch.duration
        for (dimension, score) in scores { sums[dimension, default: 0] += score * stretch.duration }
        return Self.quality(scores)
    }

    private static func scores(of window: WindowFeatures) -> [GoalDimension: Double] {
        GoalDimension.known.reduce(into: [:]) { scores, dimension in
            // 50 says "no evidence either way".
            scores[dimension] = (conditions(for: dimension).meanDegree(in: window) ?? 0.5) * 100
        }
    }

    /// The scores of everything so far; nil before the first stretch.
    var overall: ConversationQuality? {
        seconds > 0 ? Self.quality(sums.mapValues { $0 / seconds }) : nil
    }

    private static func quality(_ scores: [GoalDimension: Double]) -> ConversationQuality {
        func score(_ dimension: GoalDimension) -> Double { rounded(scores[dimension] ?? 50) }
        let index = GoalDimension.known.reduce(0) { $0 + (scores[$1] ?? 50) } / Double(GoalDimension.known.count)
        return ConversationQuality(
            qualityIndex: rounded(index), clarity: score(.clarity), authority: score(.authority),
            energy: score(.energy), rapport: score(.rapport), learning: score(.learning))
    }

    /// One decimal: the figures promise no more.
    private static func rounded(_ score: Double) -> Double {
        (score * 10).rounded() / 10
    }
}

extension ConversationQuality {
    /// The score of a dimension; nil for one that this version doesn't know.
    func score(of dimension: GoalDimension) -> Double? {
        switch dimension {
        case .clarity: clarity
        case .authority: authority
        case .energy: energy
        case .rapport: rapport
        case .learning: learning
        case .unknown: nil
        }
    }
}
