import InterhumanCore

/// Places the service's seconds on the session's timeline.
struct SessionTimeline: Sendable {
    /// Capture time of the session's 0.
    private(set) var epoch: MediaTime
    /// Wall-clock time of the session's 0, in nanoseconds since 1970.
    private var epochWallClock: Int64
    /// Session seconds at the service's 0.
    private var offset = 0.0

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

    /// The first media of a connection begins at this capture time: the service's 0.
    mutating func anchorServer(at start: MediaTime) {
        offset = (start - epoch).inSeconds
    }

    /// Places an instant.
    func instant(_ serverSeconds: Double) -> SessionInstant {
        let sessionSeconds = serverSeconds + offset
        // A JSON number may be larger than any clock.
        let nanoseconds = Int64(max(-9e18, min(9e18, sessionSeconds * 1e9)))
        let (wallClock, overflow) = epochWallClock.addingReportingOverflow(nanoseconds)
        return SessionInstant(
            serverSeconds: serverSeconds, sessionSeconds: sessionSeconds,
            wallClock: WallClockTime(
                nanosecondsSince1970: overflow ? (nanoseconds < 0 ? .min : .max) : wallClock))
    }

    /// Places a piece of a message.
    func timed<Value>(_ value: Value, start: Double?, end: Double?) -> Timed<Value> {
        Timed(value, start: start.map(instant), end: end.map(instant))
    }
}

extension SessionTimeline {
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
