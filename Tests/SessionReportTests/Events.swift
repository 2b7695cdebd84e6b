import InterhumanCore
import InterhumanSession
import SessionReport

/// Events of a session that began at a wall clock of 1,000 s.
enum Events {
    static let began: Int64 = 1_000_000_000_000

    static func at(_ second: Double) -> WallClockTime {
        WallClockTime(nanosecondsSince1970: began &+ MediaTime(seconds: second).nanoseconds)
    }

    static func event(
        _ kind: SessionEvent.Kind, at second: Double, connection: Int? = 1, message: String? = nil
    ) -> SessionEvent {
        SessionEvent(
            kind, message: message.map { ServerMessage(type: "test", body: .unknown(reason: ""), rawJSON: $0) },
            connection: connection, wallClock: at(second))
    }

    static func instant(_ second: Double, offset: Double = 0) -> SessionInstant {
        SessionInstant(serverSeconds: second - offset, sessionSeconds: second, wallClock: at(second))
    }

    static func interval(
        _ type: SignalType, _ start: Double, _ end: Double, probability: SignalProbability? = .high,
        rationale: String? = nil
    ) -> SignalInterval {
        var interval = SignalInterval(
            Timed(SignalObservation(type: type, start: start, probability: probability, rationale: rationale)),
            start: instant(start), connection: 1)
        (interval.end, interval.ending) = (instant(end), .told)
        return interval
    }

    static func segment(_ number: Int, length: Double = 3) -> SegmentSummary {
        let start = Double(number) * length
        return SegmentSummary(
            number: number, connection: 1, byteCount: 1_000,
            timeRange: TimeRange(start: MediaTime(seconds: 50 + start), end: MediaTime(seconds: 50 + start + length)),
            sessionStart: start, sessionEnd: start + length, videoFrameCount: 45, audioSampleCount: 144_000)
    }

    static func gap(_ start: Double, _ end: Double, _ cause: MediaGap.Cause) -> MediaGap {
        MediaGap(
            timeRange: TimeRange(start: MediaTime(seconds: 50 + start), end: MediaTime(seconds: 50 + end)),
            sessionStart: start, sessionEnd: end, segments: [], cause: cause)
    }

    static func scores(_ value: Double) -> ConversationQuality {
        ConversationQuality(
            qualityIndex: value, clarity: value, authority: value, energy: value, rapport: value, learning: value)
    }

    static let local = ServiceIdentity(url: "ws://127.0.0.1:8080/v1/stream/analyze", version: "v1")

    static let lost = SessionError(.connection, operation: "read", message: "The connection was lost.")

    static func timeline(_ events: [SessionEvent]) -> Timeline {
        var accumulator = TimelineAccumulator(service: local)
        for event in events { accumulator.take(event) }
        return accumulator.timeline
    }
}
