// Made of Sources/InterhumanSession/InterhumanSession.docc/SessionEvents.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman
import InterhumanCore
import InterhumanSession

private func block1() async throws {
    /// What a screen shows at the moment.
    struct Board {
        var active: [SignalType: String] = [:]
        var attention: EngagementState?

        mutating func take(_ event: SessionEvent) {
            switch event.kind {
            case .signalDetected(let signals):
                for signal in signals { active[signal.value.type] = signal.value.rationale ?? "" }
            case .signalUpdated(let signal):
                active[signal.value.type] = signal.value.rationale ?? active[signal.value.type]
            case .signalEnded(let end):
                active[end.value.type] = nil
            case .engagement(let update):
                attention = update.value.state
            default:
                break
            }
        }
    }
}
