import InterhumanCore
package import InterhumanSession

/// Makes a ``Timeline`` of a session's events. Pure, and bounded however many events there are.
package struct TimelineAccumulator: Sendable {
    /// Most items of a kind.
    package struct Limits: Sendable {
        package var signals = 1_500
        package var engagement = 600
        package var stretches = 500
        package var notes = 300
        package var connections = 200
        package var feedback = 100

        package init() {}
    }

    let service: ServiceIdentity
    var began: WallClockTime?
    var ended: WallClockTime?
    /// The session's 0 by the wall clock: exact once the service has told a time, before that when capture began.
    private var epoch: WallClockTime?
    private var isEpochExact = false
    /// Up to where media was sent, in session seconds.
    private(set) var mediaEnd = 0.0
    /// The last instant that anything told of, in session seconds.
    var lastSecond = 0.0
    var ending: Timeline.Ending?
    var sources: [String] = []
    var configuration: String?
    var counts = SessionCounts()
    var overallQuality: ConversationQuality?

    /// Signals that last, by connection and type.
    var active: [SignalInterval] = []
    var signals: BoundedList<Timeline.Signal>
    var engagement: BoundedList<Timeline.Engagement>
    var hasQualityTimeline = false
    var quality = QualityCurve()
    var stretches: BoundedList<PendingStretch>
    /// Stretches whose end is not known yet.
    var openStretches: [PendingStretch] = []
    var connections: BoundedList<PendingConnection>
    var notes: BoundedList<PendingNote>
    var feedback: BoundedList<PendingNote>
    /// Pictures of what was sent.
    package var pictures = PictureStrip()

    /// Creates an accumulator that has seen nothing.
    package init(service: ServiceIdentity, limits: Limits = Limits()) {
        self.service = service
        signals = BoundedList(capacity: limits.signals) { $0.end - $0.start }
        engagement = BoundedList(capacity: limits.engagement) { $0.end - $0.start }
        stretches = BoundedList(capacity: limits.stretches) { $0.weight }
        connections = BoundedList(capacity: limits.connections) { _ in 0 }
        notes = BoundedList(capacity: limits.notes) { Double($0.severity.rawValue) }
        feedback = BoundedList(capacity: limits.feedback) { _ in 0 }
    }

    /// Takes the next event.
    package mutating func take(_ event: SessionEvent) {
        began = began ?? event.wallClock
        ended = max(ended ?? event.wallClock, event.wallClock)
        let moment = SessionMoment(wallClock: event.wallClock, mediaEnd: mediaEnd)
        if event.message != nil { counts.messagesReceived += 1 }
        takeFindings(event, at: moment)
        takeCourse(event, at: moment)
        takeNotes(event.kind, at: moment)
    }

    /// The session could not begin, or its end was not seen. What the session told of its end stays.
    package mutating func fail(_ text: String) {
        guard ending == nil else { return }
        ending = Timeline.Ending(isFailure: true, text: PlainText.clean(text))
    }

    /// A time that the service told, in session seconds.
    mutating func seconds(_ instant: SessionInstant) -> Double {
        if !isEpochExact {
            isEpochExact = true
            epoch = WallClockTime(
                nanosecondsSince1970: instant.wallClock.nanosecondsSince1970
                    &- MediaTime(seconds: instant.sessionSeconds).nanoseconds)
        }
        // A service may tell any number. Nothing lies before the session, and a day beyond its media is no time of it.
        let latest = mediaEnd + 86_400
        let seconds = instant.sessionSeconds.isFinite ? min(max(instant.sessionSeconds, 0), latest) : 0
        lastSecond = max(lastSecond, min(seconds, mediaEnd + 60))
        return seconds
    }

    mutating func captureBegan(at time: WallClockTime) {
        if epoch == nil { epoch = time }
    }

    mutating func sent(_ segment: SegmentSummary) {
        mediaEnd = max(mediaEnd, segment.sessionEnd)
        counts.segmentsSent += 1
        counts.bytesSent += segment.byteCount
        counts.timeSent += .seconds(segment.sessionEnd - segment.sessionStart)
        counts.framesEncoded += segment.videoFrameCount
    }

    func seconds(_ moment: SessionMoment) -> Double {
        epoch.map { moment.seconds(since: $0) } ?? moment.mediaEnd
    }
}
