import InterhumanCore
import InterhumanSession

/// What happened at an instant.
extension TimelineAccumulator {
    mutating func takeNotes(_ kind: SessionEvent.Kind, at moment: SessionMoment) {
        switch kind {
        case .serviceError(let error): note(.error, "\(error)", at: moment)
        case .warning(let warning): note(.warning, "\(warning)", at: moment)
        case .eventsDropped(let count):
            note(.warning, "\(count) events are missing here, because they were not read in time", at: moment)
        case .unknownMessage(let reason):
            note(.warning, "A message that this version does not know: \(reason)", at: moment)
        case .disconnected(let disconnection):
            if let cause = disconnection.cause { note(.warning, "Connection lost. \(cause.message)", at: moment) }
        case .adapted(let step): note(.information, SessionText.words(for: step), at: moment)
        case .rolledOver(let old, let new):
            note(.information, "Changed from connection \(old) to \(new), before the service's time limit", at: moment)
        case .recovered(let count): note(.information, "\(count) segments of an earlier run", at: moment)
        case .kept(let segments): note(.warning, "\(segments.count) segments kept for the next run", at: moment)
        default: break
        }
    }

    private mutating func note(_ severity: Timeline.Note.Severity, _ text: String, at moment: SessionMoment) {
        notes.append(PendingNote(severity: severity, time: .moment(moment), text: PlainText.clean(text)))
    }
}
