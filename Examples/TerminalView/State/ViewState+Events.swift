import InterhumanCore
public import InterhumanSession

extension ViewState {
    /// Takes an event of the session.
    ///
    /// - Parameter now: In seconds of the view's clock.
    public mutating func take(_ event: SessionEvent, at now: Double) {
        let connection = event.connection ?? 0
        switch event.kind {
        case .signalDetected(let signals):
            for signal in signals { self.signals.take(signal.value, connection: connection, at: now) }
        case .signalUpdated(let signal): signals.take(signal.value, connection: connection, at: now)
        case .signalEnded(let end): signals.end(end.value.type, connection: connection, at: now)
        case .signalCompleted(let interval): signals.end(interval.type, connection: interval.connection, at: now)
        case .engagement(let update): attend(update.value.state, at: now)
        case .conversationQuality(let overall, _): quality = overall ?? quality
        case .segmentSent(let segment): lastSegment = segment
        case .capturing(let description):
            sources = description
            began = began ?? now
            phase = .live
        case .adapted(let step): adaptation = step.to == 0 ? nil : step
        default:
            follow(event.kind, at: now)
            if let (text, isWarning) = Self.notice(of: event.kind) { tell(text, isWarning: isWarning, at: now) }
        }
    }

    /// Where the session stands.
    private mutating func follow(_ kind: SessionEvent.Kind, at now: Double) {
        switch kind {
        case .reconnecting(let next):
            phase = .reconnecting(attempt: next.attempt, due: now + next.delay.inSeconds)
        case .reconnected, .resumed:
            phase = .live
        case .paused: phase = .paused
        case .draining: phase = .finishing
        case .ended:
            phase = .ended
            stopped = now
        default: break
        }
    }

    /// What the bottom line says of an event; nil for what is shown elsewhere.
    private static func notice(of kind: SessionEvent.Kind) -> (text: String, isWarning: Bool)? {
        switch kind {
        case .reconnecting(let next): (next.cause.message, true)
        case .reconnected(let back): ("Connected again after \(Figures.seconds(back.outage.inSeconds)).", false)
        case .rolledOver(_, let new): ("Connection \(new) took over, before the service's time limit.", false)
        case .sourceLost(let track, let reason): ("The \(track.rawValue) source is away. \(reason)", true)
        case .sourceReturned(let track): ("The \(track.rawValue) source is back.", false)
        case .gap(let gap):
            (
                "Not sent: \(Figures.seconds(gap.sessionStart)) to \(Figures.seconds(gap.sessionEnd)).", true
            )
        case .recovered(let count): ("\(count) segments of an earlier run go first.", false)
        case .feedback(let feedback): (feedback.text, false)
        case .coverageDropped(let ranges, _): ("Not analysed, not billed: \(text(of: ranges)).", true)
        case .coverageDegraded(let ranges, let reason):
            ("Analysed in part: \(text(of: ranges))\(reason.map { ", \($0)" } ?? "").", true)
        case .serviceError(let error): ("\(error)", true)
        case .warning(let warning): ("\(warning)", true)
        case .eventsDropped(let count): ("\(count) events are missing here: they were not read in time.", true)
        default: nil
        }
    }

    private static func text(of ranges: [Timed<CoverageRange>]) -> String {
        ranges.prefix(4).map { range in
            let start = range.start?.sessionSeconds ?? range.value.start
            let end = range.end?.sessionSeconds ?? range.value.end
            return "\(Figures.seconds(start)) to \(Figures.seconds(end))"
        }.joined(separator: ", ") + (ranges.count > 4 ? " and more" : "")
    }
}
