import Interhuman
import SessionReport
import TerminalView

/// Shows a session's events: the service's messages on standard output, the session's own on standard error.
actor EventPrinter {
    private let console: Console
    private let printsJSON: Bool
    /// Whether the session ended without having been finished.
    private(set) var wasCancelled = false

    init(console: Console, printsJSON: Bool) {
        self.console = console
        self.printsJSON = printsJSON
    }

    /// Shows one event.
    func show(_ event: SessionEvent) async throws(ClosedOutput) {
        if let message = event.message { try await show(message) }
        if let line = line(for: event.kind) { await console.record(line, isLasting: Self.isLasting(event.kind)) }
        if case .ended(let summary) = event.kind, case .cancelled = summary.completion { wasCancelled = true }
    }

    /// Shows a line of the command's own that is of use only now.
    func tell(_ line: String) async {
        await console.tell(line, isLasting: false)
    }

    /// Whether an event is worth reading when the session is over and its live view gone.
    private static func isLasting(_ kind: SessionEvent.Kind) -> Bool {
        switch kind {
        case .gap, .kept, .warning, .eventsDropped, .ended: true
        default: false
        }
    }

    private func show(_ message: ServerMessage) async throws(ClosedOutput) {
        let line = MessageText.line(for: message)
        guard printsJSON else {
            guard let line else { return }
            try await console.show(line)
            if case .error = message.body, await console.isLent { await console.record(line) }
            return
        }
        // Only what is JSON can go among JSON. Its line breaks stand between tokens, where a blank does as well.
        if !message.type.isEmpty {
            try await console.output(message.rawJSON.replacing("\r\n", with: " ").replacing("\n", with: " "))
        }
        if let line { await console.tell(line) }
    }

    private func line(for kind: SessionEvent.Kind) -> String? {
        switch kind {
        case .connected(let correlationID):
            "connected" + (correlationID.map { ", correlation id \($0)" } ?? "")
        case .reconnecting(let next):
            "lost        \(next.cause.message) Attempt \(next.attempt) in \(Figures.seconds(next.delay.inSeconds))."
        case .reconnected(let reconnected):
            "back        after \(Figures.seconds(reconnected.outage.inSeconds))"
        case .paused: "paused"
        case .resumed: "resumed"
        case .rolledOver(let old, let new):
            "changed     from connection \(old) to \(new), before the service's time limit"
        case .capturing(let capture):
            "capturing   " + [capture.video, capture.audio].compactMap(\.self).joined(separator: "; ")
        case .segmentSent(let segment):
            "sent        segment \(segment.number), \(Figures.seconds(segment.sessionStart)) to "
                + "\(Figures.seconds(segment.sessionEnd)), \(segment.byteCount / 1000) kB, "
                + "\(segment.videoFrameCount) frames"
        case .gap(let gap):
            "not sent    \(Figures.seconds(gap.sessionStart)) to \(Figures.seconds(gap.sessionEnd)): "
                + SessionText.words(for: gap.cause)
        case .adapted(let step):
            "adapted     \(SessionText.words(for: step))"
        case .recovered(let count): "recovered   \(count) segments of an earlier run"
        case .kept(let segments): "kept        \(segments.count) segments for the next run"
        case .warning(let warning):
            "warning     \(warning)"
        case .eventsDropped(let count):
            "warning     \(count) events are missing here, because they were not read in time"
        case .ended(let summary):
            "ended       \(SessionText.words(for: summary.completion)): \(summary.segmentsSent) segments, "
                + "\(Figures.seconds(summary.secondsSent)), \(summary.bytesSent / 1000) kB sent, "
                + "\(summary.messagesReceived) messages received"
        default:
            nil
        }
    }
}
