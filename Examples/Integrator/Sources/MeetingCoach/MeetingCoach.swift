import InterhumanCore
public import InterhumanSession

/// Turns a session's events into a few hints for whoever speaks.
///
/// It takes any session, so that its tests need no camera and no network, and says each thing once until it changes.
public struct MeetingCoach {
    /// What the coach has to say.
    public enum Hint: Sendable, Hashable {
        /// The other side has lost interest; pause, ask something.
        case askAQuestion
        /// The other side hesitates about what was just said, as the service explains.
        case explain(rationale: String?)
        /// The other side is back.
        case goOn
        /// For a while nobody watched: this many seconds are missing.
        case missing(seconds: Double)
    }

    private var engagement: EngagementState?

    public init() {}

    /// Follows a session to its end and hands each hint on, where the caller is: on the main actor, on another, on none.
    ///
    /// - Throws: what the session throws.
    public static func follow(
        _ session: StreamSession, isolation: isolated (any Actor)? = #isolation, _ say: (Hint) async -> Void
    ) async throws(SessionError) {
        var coach = MeetingCoach()
        for try await event in try await session.start() {
            for hint in coach.hints(for: event) { await say(hint) }
        }
    }

    /// What an event is worth saying.
    public mutating func hints(for event: SessionEvent) -> [Hint] {
        switch event.kind {
        case .engagement(let update):
            defer { engagement = update.value.state }
            guard update.value.state != engagement else { return [] }
            if update.value.state == .disengaged { return [.askAQuestion] }
            return engagement == .disengaged ? [.goOn] : []
        case .signalDetected(let signals):
            return signals.filter { $0.value.type == .hesitation }.map { .explain(rationale: $0.value.rationale) }
        case .gap(let gap):
            return [.missing(seconds: gap.sessionEnd - gap.sessionStart)]
        default:
            return []
        }
    }
}
