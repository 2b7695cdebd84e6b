import InterhumanCore

/// Says now and then, in one sentence with figures, how the weakest of the chosen dimensions could do better.
struct FeedbackWriter {
    /// Windows before the first sentence: with one every 3 s, after 6 s.
    static let firstWindow = 2
    /// Windows between sentences: with one every 3 s, 12 s.
    static let interval = 4

    private var windowCount = 0

    /// Takes a window; gives a message when one is due and a dimension is chosen.
    mutating func update(with window: WindowFeatures, goals: [GoalDimension]) -> ServerMessage.Body? {
        windowCount += 1
        guard windowCount >= Self.firstWindow, (windowCount - Self.firstWindow) % Self.interval == 0 else {
            return nil
        }
        let scores = QualityScorer.score(window)
        let scored = goals.compactMap { goal in scores.score(of: goal).map { (goal: goal, score: $0) } }
        guard var weakest = scored.first else { return nil }
        for candidate in scored where candidate.score < weakest.score { weakest = candidate }
        let features = QualityScorer.conditions(for: weakest.goal).map(\.feature)
        let figures = features.compactMap { $0.phrase(in: window) }.joined(separator: ", ")
        let name = weakest.goal.rawValue.prefix(1).uppercased() + weakest.goal.rawValue.dropFirst()
        let verdict = "\(name) scores \(weakest.score.figure()) of 100 over the last \(window.duration.figure()) s"
        return .feedbackGenerated(Feedback(text: "\(verdict) (\(figures)): \(Self.advice(on: weakest))."))
    }

    private static func advice(on goal: (goal: GoalDimension, score: Double)) -> String {
        guard goal.score < 70 else { return "keep it like this" }
        return switch goal.goal {
        case .clarity: "speak up, pause less and mind the light"
        case .authority: "speak louder and in longer stretches"
        case .energy: "speak louder, vary your pitch or move more"
        case .rapport: "leave about half of the time to the other side, and move"
        case .learning: "pause now and then, and let the other side speak"
        case .unknown: "go on"
        }
    }
}
