import Interhuman

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
        if let line = line(for: event.kind) { await console.tell(line) }
        if case .ended(let summary) = event.kind, case .cancelled = summary.completion { wasCancelled = true }
    }

    /// Shows a line of the command's own.
    func tell(_ line: String) async {
        await console.tell(line)
    }

    private func show(_ message: ServerMessage) async throws(ClosedOutput) {
        let line = MessageText.line(for: message)
        guard printsJSON else {
            if let line { try await console.output(line) }
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
        case .capturing(let capture):
            "capturing   " + [capture.video, capture.audio].compactMap(\.self).joined(separator: "; ")
        case .segmentSent(let segment):
            "sent        segment \(segment.index), \(MessageText.seconds(segment.sessionStart)) to "
                + "\(MessageText.seconds(segment.sessionEnd)), \(segment.byteCount / 1000) kB, "
                + "\(segment.videoFrameCount) frames"
        case .segmentsDropped(let dropped):
            "not sent    \(dropped.segments.count) segments: \(text(of: dropped.cause))"
        case .warning(let warning):
            "warning     \(warning)"
        case .eventsDropped(let count):
            "warning     \(count) events are missing here, because they were not read in time"
        case .ended(let summary):
            "ended       \(text(of: summary.completion)): \(summary.segmentsSent) segments, "
                + "\(MessageText.seconds(summary.secondsSent)), \(summary.bytesSent / 1000) kB sent, "
                + "\(summary.messagesReceived) messages received"
        default:
            nil
        }
    }

    private func text(of cause: DroppedSegments.Cause) -> String {
        switch cause {
        case .outboxFull: "the network is slower than the media"
        case .largerThanServiceAllows(let bytes): "larger than the \(bytes) bytes that the service takes"
        case .empty: "nothing in them"
        case .sessionEnded: "the session ended before"
        }
    }

    private func text(of completion: SessionSummary.Completion) -> String {
        switch completion {
        case .sessionEnded(let reason): "in order (\(reason))"
        case .closedByService: "the service closed the connection"
        case .quiet: "the service fell silent"
        case .timedOut: "the service did not finish in time"
        case .cancelled: "cancelled"
        case .failed(let error): "failed (\(error.code.rawValue))"
        }
    }
}
