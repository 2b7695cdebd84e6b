import InterhumanCore
import InterhumanSession

extension EventRecord {
    /// The line of an event; nil for a kind that this version does not know.
    init?(_ event: SessionEvent) {
        if let message = event.message {
            self.init("message", event)
            self.message = message.rawJSON
            zero = Zero(event.kind)
            return
        }
        guard let record = Self.course(event) ?? Self.machinery(event) else { return nil }
        self = record
    }

    private static func course(_ event: SessionEvent) -> EventRecord? {
        func record(_ name: String, _ fill: (inout EventRecord) -> Void = { _ in }) -> EventRecord {
            var record = EventRecord(name, event)
            fill(&record)
            return record
        }
        return switch event.kind {
        case .connected(let name): record("connected") { $0.text = name }
        case .disconnected(let disconnection):
            record("disconnected") {
                $0.completion = disconnection.completion.map(CompletionRecord.init)
                $0.error = disconnection.cause.map { ErrorRecord($0) }
            }
        case .reconnecting(let next):
            record("reconnecting") {
                ($0.attempt, $0.time, $0.error) = (next.attempt, next.delay.nanoseconds, ErrorRecord(next.cause))
            }
        case .reconnected(let back):
            record("reconnected") { ($0.attempt, $0.time) = (back.attempts, back.outage.nanoseconds) }
        case .paused: record("paused")
        case .resumed: record("resumed")
        case .rolledOver(let from, let to): record("rolledOver") { ($0.from, $0.to) = (from, to) }
        case .ready: record("ready")
        case .capturing(let capture): record("capturing") { ($0.video, $0.audio) = (capture.video, capture.audio) }
        case .sourceLost(let track, let reason):
            record("sourceLost") { ($0.track, $0.text) = (track.rawValue, reason) }
        case .sourceReturned(let track): record("sourceReturned") { $0.track = track.rawValue }
        case .signalCompleted(let interval): record("signalCompleted") { $0.interval = IntervalRecord(interval) }
        default: nil
        }
    }

    private static func machinery(_ event: SessionEvent) -> EventRecord? {
        func record(_ name: String, _ fill: (inout EventRecord) -> Void) -> EventRecord {
            var record = EventRecord(name, event)
            fill(&record)
            return record
        }
        return switch event.kind {
        case .segmentSent(let segment): record("segmentSent") { $0.segment = SegmentRecord(segment) }
        case .gap(let gap): record("gap") { $0.gap = GapRecord(gap) }
        case .adapted(let step):
            record("adapted") {
                ($0.from, $0.to) = (step.from, step.to)
                $0.shares = [step.level.bitRate, step.level.frameRate, step.level.size]
            }
        case .recovered(let count): record("recovered") { $0.count = count }
        case .kept(let segments): record("kept") { $0.segments = segments.map(SegmentRecord.init) }
        case .eventsDropped(let count): record("eventsDropped") { $0.count = count }
        case .warning(let warning): record("warning") { $0.write(warning) }
        case .ended(let summary):
            record("ended") {
                ($0.completion, $0.text) = (CompletionRecord(summary.completion), summary.correlationID)
                ($0.counts, $0.count) = (summary.counts.record, summary.peakQueuedSegments)
            }
        default: nil
        }
    }

    private mutating func write(_ warning: SessionWarning) {
        switch warning {
        case .unsupportedOption(let field, let value, let supported):
            (text, values) = ("unsupportedOption", [field, value] + supported)
        case .missingTrack(let track): (text, self.track) = ("missingTrack", track.rawValue)
        case .trackSilent(let track): (text, self.track) = ("trackSilent", track.rawValue)
        case .captureFailed(let error): (text, self.error) = ("captureFailed", ErrorRecord(error))
        case .encodeFailed(let error): (text, self.error) = ("encodeFailed", ErrorRecord(error))
        case .spoolFailed(let error): (text, self.error) = ("spoolFailed", ErrorRecord(error))
        case .rolloverDelayed(let error): (text, self.error) = ("rolloverDelayed", ErrorRecord(error))
        case .finishTimedOut: text = "finishTimedOut"
        case .drainInterrupted(let error): (text, self.error) = ("drainInterrupted", ErrorRecord(error))
        }
    }
}

extension EventRecord.Zero {
    /// Where the service's 0 lies, by the first instant that the event has; nil when it has none.
    init?(_ kind: SessionEvent.Kind) {
        let instant: SessionInstant? =
            switch kind {
            case .signalDetected(let signals): signals.lazy.compactMap { $0.start ?? $0.end }.first
            case .signalUpdated(let signal): signal.start ?? signal.end
            case .signalEnded(let signal): signal.end
            case .engagement(let update): update.start ?? update.end
            case .conversationQuality(_, let timeline): timeline.lazy.compactMap { $0.start ?? $0.end }.first
            case .coverageDropped(let ranges, _), .coverageDegraded(let ranges, _):
                ranges.lazy.compactMap { $0.start ?? $0.end }.first
            default: nil
            }
        guard let instant else { return nil }
        let session = MediaTime(seconds: instant.sessionSeconds).nanoseconds
        self.init(
            session: session &- MediaTime(seconds: instant.serverSeconds).nanoseconds,
            wall: instant.wallClock.nanosecondsSince1970 &- session)
    }
}

extension SessionCounts {
    fileprivate static let figures: [(String, any WritableKeyPath<SessionCounts, Int> & Sendable)] = [
        ("connections", \.connections), ("reconnections", \.reconnections), ("rollovers", \.rollovers),
        ("segmentsSent", \.segmentsSent), ("bytesSent", \.bytesSent), ("segmentsDropped", \.segmentsDropped),
        ("gaps", \.gaps), ("segmentsRecovered", \.segmentsRecovered), ("messagesReceived", \.messagesReceived),
        ("bytesReceived", \.bytesReceived), ("serviceErrors", \.serviceErrors), ("framesCaptured", \.framesCaptured),
        ("framesDropped", \.framesDropped), ("framesEncoded", \.framesEncoded),
        ("sourceInterruptions", \.sourceInterruptions),
    ]
    fileprivate static let times: [(String, any WritableKeyPath<SessionCounts, Duration> & Sendable)] = [
        ("timeSent", \.timeSent), ("timeLost", \.timeLost), ("timeKept", \.timeKept),
    ]

    /// The figures by name; times in nanoseconds.
    var record: [String: Int64] {
        var record: [String: Int64] = [:]
        for (name, figure) in Self.figures { record[name] = Int64(self[keyPath: figure]) }
        for (name, time) in Self.times { record[name] = self[keyPath: time].nanoseconds }
        return record
    }

    init(_ record: [String: Int64]) {
        self.init()
        // A file may name any number, and what follows is added to it.
        for (name, figure) in Self.figures { self[keyPath: figure] = Int(min(max(record[name] ?? 0, 0), 1 << 60)) }
        for (name, time) in Self.times { self[keyPath: time] = .nanoseconds(record[name] ?? 0) }
    }
}
