import InterhumanSession

/// An instant that is known in session seconds, or will be once the session's 0 is known.
enum PendingTime: Sendable {
    case seconds(Double)
    case moment(SessionMoment)
}

/// A ``Timeline/Stretch`` whose times are not all known yet.
struct PendingStretch: Sendable {
    var kind: Timeline.Stretch.Kind
    /// What it concerns, where several of a kind may be open at once.
    var subject = ""
    var start: PendingTime
    var end: PendingTime?
    var text: String

    /// Its length, as far as it can be told; what lasts weighs most.
    var weight: Double {
        switch (start, end) {
        case (_, nil): .infinity
        case (.seconds(let start), .seconds(let end)): end - start
        case (.moment(let start), .moment(let end)):
            Double(end.wallClock.nanosecondsSince1970 &- start.wallClock.nanosecondsSince1970) / 1e9
        default: 0
        }
    }
}

/// A ``Timeline/Connection`` whose times are not known yet.
struct PendingConnection: Sendable {
    var number: Int
    var start: SessionMoment
    var end: SessionMoment?
    var name: String?
}

/// A ``Timeline/Note`` whose time is not known yet.
struct PendingNote: Sendable {
    var severity: Timeline.Note.Severity
    var time: PendingTime
    var text: String
}
