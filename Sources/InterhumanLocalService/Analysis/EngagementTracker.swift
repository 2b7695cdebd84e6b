import InterhumanCore

/// Follows the engagement state: how much voice and motion there is, with hysteresis.
struct EngagementTracker {
    private static let conditions = [
        FeatureCondition(.voiceActivity, .rises(from: 0.02, to: 0.6)),
        FeatureCondition(.motion, .rises(from: 0.2, to: 4)),
    ]

    /// The state that was told last.
    private(set) var state: EngagementState?

    /// Takes a window; gives a message when the state changed. `stretchStart` as in ``SignalTracker``.
    mutating func update(with window: WindowFeatures, stretchStart: Double) -> ServerMessage.Body? {
        guard let activity = Self.conditions.meanDegree(in: window) else { return nil }
        let next = Self.state(for: activity, after: state)
        guard next != state else { return nil }
        state = next
        return .engagementUpdated(EngagementUpdate(state: next, start: stretchStart))
    }

    /// Forgets the state: the next window announces its own.
    mutating func reset() {
        state = nil
    }

    /// The state that a degree of activity (0 to 1) means; leaving a state takes more than entering it took.
    private static func state(for activity: Double, after state: EngagementState?) -> EngagementState {
        if activity >= (state == .engaged ? 0.4 : 0.5) { return .engaged }
        return activity <= (state == .disengaged ? 0.2 : 0.12) ? .disengaged : .neutral
    }
}
