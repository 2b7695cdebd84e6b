import InterhumanCore

/// The session's own time: seconds since the first media that was captured, and the wall clock at that instant.
struct SessionTimeline: Sendable, Hashable {
    /// Capture time of the session's 0.
    private(set) var epoch: MediaTime
    /// Wall-clock time of the session's 0, in nanoseconds since 1970.
    private(set) var epochWallClock: Int64

    /// Creates a timeline whose 0 is now; capture moves it.
    init(clock: any MediaClock) {
        epoch = clock.now
        epochWallClock = clock.wallClockNanoseconds
    }

    /// The first media was captured: the session's 0.
    mutating func begin(epoch: MediaTime, clock: any MediaClock) {
        self.epoch = epoch
        epochWallClock = clock.wallClockNanoseconds &- (clock.now - epoch).nanoseconds
    }
}

/// Places one connection's seconds on the session's timeline: the service counts from the connection's first media.
struct LinkTimeline: Sendable, Hashable {
    private var session: SessionTimeline
    /// Capture time of the service's 0; nil before the first media.
    private(set) var anchor: MediaTime?
    /// The segment that was sent last.
    private var segment: TimeRange?
    private var isAnnounced = false
    /// Whether the service counts from the start of a segment.
    private var isWithinSegment: Bool
    private let times: ServerTimes

    init(_ session: SessionTimeline, times: ServerTimes) {
        self.session = session
        self.times = times
        isWithinSegment = times == .withinSegment
    }

    /// The network has taken a segment.
    mutating func sent(_ range: TimeRange) {
        segment = range
    }

    /// Where the media that was sent ends; nil before any was.
    var mediaEnd: SessionInstant? {
        guard let anchor, let segment else { return nil }
        let offset = (isWithinSegment ? segment.start : anchor)
        return instant((segment.end - offset).inSeconds)
    }

    /// Learns from a message how the service counts.
    mutating func learn(from message: ServerMessage) {
        guard times == .automatic else { return }
        switch message.body {
        case .sessionReady: isAnnounced = true
        case .signalDetected where !isAnnounced && message.rawJSON.contains(#""signals""#): isWithinSegment = true
        default: break
        }
    }

    /// The first media of the connection is on its way.
    mutating func begin(at start: MediaTime, of session: SessionTimeline) {
        guard anchor == nil else { return }
        self.session = session
        anchor = start
    }

    /// Places an instant. Whole nanoseconds are added, so that a result means the same media whichever connection
    /// brought it.
    func instant(_ serverSeconds: Double) -> SessionInstant {
        let zero = isWithinSegment ? segment?.start ?? anchor : anchor
        let offset = zero.map { ($0 - session.epoch).nanoseconds } ?? 0
        // A JSON number may be larger than any clock.
        let server = MediaTime(seconds: serverSeconds).nanoseconds
        let nanoseconds = Self.sum(server, offset)
        return SessionInstant(
            serverSeconds: serverSeconds, sessionSeconds: Double(nanoseconds) / 1e9,
            wallClock: WallClockTime(nanosecondsSince1970: Self.sum(session.epochWallClock, nanoseconds)))
    }

    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? (right < 0 ? .min : .max) : sum
    }

    /// Places a piece of a message.
    func timed<Value>(_ value: Value, start: Double?, end: Double?) -> Timed<Value> {
        Timed(value, start: start.map(instant), end: end.map(instant))
    }
}

extension LinkTimeline {
    /// What a message of the service means to the user.
    func kind(of body: ServerMessage.Body) -> SessionEvent.Kind {
        switch body {
        case .sessionReady(let ready): .ready(ready)
        case .sessionUpdated(let updated): .configured(updated)
        case .signalDetected(let signals): .signalDetected(signals.map { timed($0, start: $0.start, end: $0.end) })
        case .signalUpdated(let signal): .signalUpdated(timed(signal, start: signal.start, end: signal.end))
        case .signalEnded(let signal): .signalEnded(timed(signal, start: nil, end: signal.end))
        case .engagementUpdated(let update): .engagement(timed(update, start: update.start, end: update.end))
        case .conversationQualityUpdated(let update):
            .conversationQuality(
                overall: update.overall,
                timeline: (update.timeline ?? []).map { timed($0, start: $0.start, end: $0.end) })
        case .feedbackGenerated(let feedback): .feedback(feedback)
        case .coverageDropped(let coverage): .coverageDropped(timed(coverage.ranges), reason: coverage.reason)
        case .coverageDegraded(let coverage): .coverageDegraded(timed(coverage.ranges), reason: coverage.reason)
        case .sessionClosing(let closing): .draining(closing)
        case .sessionEnded(let ended): .sessionEnded(ended)
        case .error(let error): .serviceError(error)
        case .unknown(let reason): .unknownMessage(reason: reason)
        }
    }

    private func timed(_ ranges: [CoverageRange]) -> [Timed<CoverageRange>] {
        ranges.map { timed($0, start: $0.start, end: $0.end) }
    }
}
