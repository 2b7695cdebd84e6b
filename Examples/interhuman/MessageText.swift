import InterhumanCore
import TerminalView

/// A service's message as a line for people; nil for what says nothing to them.
enum MessageText {
    static func line(for message: ServerMessage) -> String? {
        switch message.body {
        case .signalDetected(let signals):
            signals.map { "signal      \(text(of: $0))" }.joined(separator: "\n")
        case .signalUpdated(let signal):
            "  still     \(text(of: signal))"
        case .signalEnded(let signal):
            "  over      \(signal.type) at \(Figures.seconds(signal.end))"
        case .engagementUpdated(let update):
            "engagement  \(update.state)" + (update.start.map { " from \(Figures.seconds($0))" } ?? "")
        case .conversationQualityUpdated(let update):
            update.overall.map { "quality     \(text(of: $0))" }
        case .feedbackGenerated(let feedback):
            "feedback    \(feedback.text)"
        case .coverageDropped(let coverage):
            "dropped     \(text(of: coverage)): not analysed, not billed"
        case .coverageDegraded(let coverage):
            "degraded    \(text(of: coverage))" + (coverage.reason.map { ": \($0)" } ?? "")
        case .error(let error):
            "error       \(error)"
        case .sessionEnded(let ended):
            "session.ended (\(ended.reason))"
        case .sessionClosing(let closing):
            "closing     the service may take \(Figures.seconds(closing.maxDrainSeconds))"
        case .unknown(let reason):
            "unknown     \(message.type.isEmpty ? "message" : message.type): \(reason)"
        case .sessionReady, .sessionUpdated:
            nil
        }
    }

    private static func text(of signal: SignalObservation) -> String {
        var text = "\(signal.type) from \(Figures.seconds(signal.start))"
        if let end = signal.end { text += " to \(Figures.seconds(end))" }
        if let probability = signal.probability { text += ", \(probability)" }
        if let rationale = signal.rationale { text += ": \(rationale)" }
        return text
    }

    private static func text(of quality: ConversationQuality) -> String {
        let scores = [
            ("index", quality.qualityIndex), ("clarity", quality.clarity), ("authority", quality.authority),
            ("energy", quality.energy), ("rapport", quality.rapport), ("learning", quality.learning),
        ]
        return scores.map { "\($0) \(Figures.whole($1))" }.joined(separator: ", ")
    }

    private static func text(of coverage: Coverage) -> String {
        coverage.ranges.map { "\(Figures.seconds($0.start)) to \(Figures.seconds($0.end))" }.joined(separator: ", ")
    }
}
