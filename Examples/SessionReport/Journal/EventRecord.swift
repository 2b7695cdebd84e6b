import InterhumanCore
import InterhumanSession

/// One event as a line of a journal. Which members a line has depends on ``event``.
///
/// A message of the service stands in it verbatim, and is read again by the decoder that read it first; besides it only
/// where the service's second 0 lies. So a journal of today gains from the decoder of tomorrow.
struct EventRecord: Codable {
    /// The kind's name; `message` for what a message of the service says.
    var event: String
    /// When the event was made, in nanoseconds since 1970.
    var wall: Int64
    var connection: Int?
    /// The service's message, verbatim.
    var message: String?
    /// Where the service's 0 lies, in nanoseconds of the session and of the wall clock.
    var zero: Zero?

    var text: String?
    var error: ErrorRecord?
    var completion: CompletionRecord?
    var attempt: Int?
    /// In nanoseconds.
    var time: Int64?
    var from: Int?
    var to: Int?
    var video: String?
    var audio: String?
    var track: String?
    var segment: SegmentRecord?
    var segments: [SegmentRecord]?
    var gap: GapRecord?
    var shares: [Double]?
    var count: Int?
    var interval: IntervalRecord?
    var values: [String]?
    var counts: [String: Int64]?

    struct Zero: Codable {
        var session: Int64
        var wall: Int64
    }

    init(_ event: String, _ source: SessionEvent) {
        self.event = event
        wall = source.wallClock.nanosecondsSince1970
        connection = source.connection
    }
}

/// An error's own parts.
struct ErrorRecord: Codable {
    var code: String
    var operation: String
    var message: String
    var underlying: String?
    var correlation: String?

    init(_ error: some InterhumanError) {
        (code, operation, message) = (error.code.rawValue, error.operation, error.message)
        (underlying, correlation) = (error.underlying, error.correlationID)
    }

    var sessionError: SessionError {
        var error = SessionError(SessionError.Code(rawValue: code), operation: operation, message: message)
        (error.underlying, error.correlationID) = (underlying, correlation)
        return error
    }
}

/// How something ended.
struct CompletionRecord: Codable {
    var how: String
    var reason: String?
    var error: ErrorRecord?

    init(_ completion: SessionSummary.Completion) {
        switch completion {
        case .sessionEnded(let reason): (how, self.reason) = ("sessionEnded", reason)
        case .closedByService: how = "closedByService"
        case .quiet: how = "quiet"
        case .timedOut: how = "timedOut"
        case .drainInterrupted(let error): (how, self.error) = ("drainInterrupted", ErrorRecord(error))
        case .cancelled: how = "cancelled"
        case .failed(let error): (how, self.error) = ("failed", ErrorRecord(error))
        }
    }

    var completion: SessionSummary.Completion? {
        switch how {
        case "sessionEnded": .sessionEnded(reason: reason ?? "")
        case "closedByService": .closedByService
        case "quiet": .quiet
        case "timedOut": .timedOut
        case "drainInterrupted": error.map { .drainInterrupted($0.sessionError) }
        case "cancelled": .cancelled
        case "failed": error.map { .failed($0.sessionError) }
        default: nil
        }
    }
}

/// A segment; times in nanoseconds of the capture clock and in session seconds.
struct SegmentRecord: Codable {
    var number: Int
    var connection: Int?
    var bytes: Int
    var captured: [Int64]
    var start: Double
    var end: Double
    var header: Bool
    var frames: Int
    var samples: Int

    init(_ segment: SegmentSummary) {
        (number, connection, bytes) = (segment.number, segment.connection, segment.byteCount)
        captured = [segment.timeRange.start.nanoseconds, segment.timeRange.end.nanoseconds]
        (start, end, header) = (segment.sessionStart, segment.sessionEnd, segment.includesHeader)
        (frames, samples) = (segment.videoFrameCount, segment.audioSampleCount)
    }

    var summary: SegmentSummary {
        SegmentSummary(
            number: number, connection: connection, byteCount: min(max(bytes, 0), 1 << 36),
            timeRange: TimeRange(captured), sessionStart: start.asSessionTime, sessionEnd: end.asSessionTime,
            includesHeader: header,
            videoFrameCount: min(max(frames, 0), 1 << 32), audioSampleCount: min(max(samples, 0), 1 << 40))
    }
}

/// A gap.
struct GapRecord: Codable {
    var captured: [Int64]
    var start: Double
    var end: Double
    var cause: String
    var figure: Int?
    var segments: [SegmentRecord]

    init(_ gap: MediaGap) {
        captured = [gap.timeRange.start.nanoseconds, gap.timeRange.end.nanoseconds]
        (start, end, segments) = (gap.sessionStart, gap.sessionEnd, gap.segments.map(SegmentRecord.init))
        switch gap.cause {
        case .outboxFull: cause = "outboxFull"
        case .outboxTooOld: cause = "outboxTooOld"
        case .largerThanServiceAllows(let bytes): (cause, figure) = ("largerThanServiceAllows", bytes)
        case .refusedAsTooLarge: cause = "refusedAsTooLarge"
        case .sendingFailedRepeatedly(let attempts): (cause, figure) = ("sendingFailedRepeatedly", attempts)
        case .empty: cause = "empty"
        case .encoderFailed: cause = "encoderFailed"
        case .interruptedWhileSending: cause = "interruptedWhileSending"
        case .paused: cause = "paused"
        case .sessionEnded: cause = "sessionEnded"
        }
    }

    var gap: MediaGap? {
        let cause: MediaGap.Cause? =
            switch self.cause {
            case "outboxFull": .outboxFull
            case "outboxTooOld": .outboxTooOld
            case "largerThanServiceAllows": .largerThanServiceAllows(maximumBytes: figure ?? 0)
            case "refusedAsTooLarge": .refusedAsTooLarge
            case "sendingFailedRepeatedly": .sendingFailedRepeatedly(attempts: figure ?? 0)
            case "empty": .empty
            case "encoderFailed": .encoderFailed
            case "interruptedWhileSending": .interruptedWhileSending
            case "paused": .paused
            case "sessionEnded": .sessionEnded
            default: nil
            }
        return cause.map {
            MediaGap(
                timeRange: TimeRange(captured), sessionStart: start.asSessionTime, sessionEnd: end.asSessionTime,
                segments: segments.map(\.summary), cause: $0)
        }
    }
}

/// A signal as a whole.
struct IntervalRecord: Codable {
    var type: String
    var start: InstantRecord
    var end: InstantRecord?
    var ending: String?
    var probability: String?
    var rationale: String?
    var modality: [String]?
    var connection: Int

    init(_ interval: SignalInterval) {
        (type, start, end) = (
            interval.type.rawValue, InstantRecord(interval.start), interval.end.map(InstantRecord.init)
        )
        ending =
            switch interval.ending {
            case .told: "told"
            case .replaced: "replaced"
            case .mediaEnded: "mediaEnded"
            case nil: nil
            }
        (probability, rationale) = (interval.probability?.rawValue, interval.rationale)
        (modality, connection) = (interval.modality?.map(\.rawValue), interval.connection)
    }

    var interval: SignalInterval {
        let observation = SignalObservation(
            type: SignalType(rawValue: type), start: start.server,
            probability: probability.map { SignalProbability(rawValue: $0) },
            rationale: rationale, modality: modality?.map { SignalModality(rawValue: $0) })
        var interval = SignalInterval(Timed(observation), start: start.instant, connection: connection)
        interval.end = end?.instant
        interval.ending =
            switch ending {
            case "told": .told
            case "replaced": .replaced
            case "mediaEnded": .mediaEnded
            default: nil
            }
        return interval
    }
}

/// An instant on the three clocks.
struct InstantRecord: Codable {
    var server: Double
    var session: Double
    var wall: Int64

    init(_ instant: SessionInstant) {
        (server, session) = (instant.serverSeconds, instant.sessionSeconds)
        wall = instant.wallClock.nanosecondsSince1970
    }

    var instant: SessionInstant {
        SessionInstant(
            serverSeconds: server, sessionSeconds: session, wallClock: WallClockTime(nanosecondsSince1970: wall))
    }
}

extension Double {
    /// Seconds that a session can have: a file may name any number, and sums and differences of them are taken.
    fileprivate var asSessionTime: Double { isNaN ? 0 : min(max(self, -1e9), 1e9) }
}

extension TimeRange {
    fileprivate init(_ nanoseconds: [Int64]) {
        self.init(
            start: MediaTime(nanoseconds: nanoseconds.first ?? 0), end: MediaTime(nanoseconds: nanoseconds.last ?? 0))
    }
}
