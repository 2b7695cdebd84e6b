import InterhumanCore
import InterhumanSession
import InterhumanWire

extension EventRecord {
    /// The event of a line; nil where the line lacks what its kind needs, or its kind is not known.
    var sessionEvent: SessionEvent? {
        let wallClock = WallClockTime(nanosecondsSince1970: wall)
        if event == "message" {
            guard let message else { return nil }
            let decoded = Self.decode(message)
            return SessionEvent(kind(of: decoded.body), message: decoded, connection: connection, wallClock: wallClock)
        }
        return (course ?? machinery).map { SessionEvent($0, connection: connection, wallClock: wallClock) }
    }

    private static func decode(_ text: String) -> ServerMessage {
        do throws(EnvelopeError) {
            return try EnvelopeDecoder().decode(text)
        } catch {
            // As the transport gives it.
            return ServerMessage(type: "", body: .unknown(reason: error.message), rawJSON: text)
        }
    }

    // MARK: Messages

    private func kind(of body: ServerMessage.Body) -> SessionEvent.Kind {
        switch body {
        case .sessionReady(let ready): .ready(ready)
        case .sessionUpdated(let updated): .configured(updated)
        case .signalDetected(let signals): .signalDetected(signals.map { timed($0, $0.start, $0.end) })
        case .signalUpdated(let signal): .signalUpdated(timed(signal, signal.start, signal.end))
        case .signalEnded(let signal): .signalEnded(timed(signal, nil, signal.end))
        case .engagementUpdated(let update): .engagement(timed(update, update.start, update.end))
        case .conversationQualityUpdated(let update):
            .conversationQuality(
                overall: update.overall, timeline: (update.timeline ?? []).map { timed($0, $0.start, $0.end) })
        case .feedbackGenerated(let feedback): .feedback(feedback)
        case .coverageDropped(let coverage):
            .coverageDropped(coverage.ranges.map { timed($0, $0.start, $0.end) }, reason: coverage.reason)
        case .coverageDegraded(let coverage):
            .coverageDegraded(coverage.ranges.map { timed($0, $0.start, $0.end) }, reason: coverage.reason)
        case .sessionClosing(let closing): .draining(closing)
        case .sessionEnded(let ended): .sessionEnded(ended)
        case .error(let error): .serviceError(error)
        case .unknown(let reason): .unknownMessage(reason: reason)
        }
    }

    private func timed<Value>(_ value: Value, _ start: Double?, _ end: Double?) -> Timed<Value> {
        Timed(value, start: start.map(instant), end: end.map(instant))
    }

    private func instant(_ server: Double) -> SessionInstant {
        let session = MediaTime(seconds: server).nanoseconds.addingReportingOverflow(zero?.session ?? 0)
        let seconds = session.overflow ? Int64.max : session.partialValue
        return SessionInstant(
            serverSeconds: server, sessionSeconds: Double(seconds) / 1e9,
            wallClock: WallClockTime(nanosecondsSince1970: seconds &+ (zero?.wall ?? wall)))
    }

    // MARK: The session's own

    private var course: SessionEvent.Kind? {
        switch event {
        case "connected": .connected(correlationID: text)
        case "disconnected":
            .disconnected(Disconnection(completion: completion?.completion, cause: error?.sessionError))
        case "reconnecting":
            error.map {
                .reconnecting(
                    Reconnecting(attempt: attempt ?? 1, delay: .nanoseconds(time ?? 0), cause: $0.sessionError))
            }
        case "reconnected": .reconnected(Reconnected(attempts: attempt ?? 1, outage: .nanoseconds(time ?? 0)))
        case "paused": .paused
        case "resumed": .resumed
        case "rolledOver": .rolledOver(from: from ?? 0, to: to ?? 0)
        case "ready": .ready(nil)
        case "capturing": .capturing(CaptureDescription(video: video, audio: audio))
        case "sourceLost": mediaTrack.map { .sourceLost($0, reason: text ?? "") }
        case "sourceReturned": mediaTrack.map { .sourceReturned($0) }
        case "signalCompleted": interval.map { .signalCompleted($0.interval) }
        default: nil
        }
    }

    private var machinery: SessionEvent.Kind? {
        switch event {
        case "segmentSent": segment.map { .segmentSent($0.summary) }
        case "gap": gap?.gap.map { .gap($0) }
        case "adapted": adaptation.map { .adapted($0) }
        case "recovered": count.map { .recovered(segments: $0) }
        case "kept": segments.map { .kept($0.map(\.summary)) }
        case "eventsDropped": count.map { .eventsDropped($0) }
        case "warning": warning.map { .warning($0) }
        case "ended": summary.map { .ended($0) }
        default: nil
        }
    }

    private var mediaTrack: MediaTrack? { track.flatMap(MediaTrack.init) }

    private var adaptation: Adaptation? {
        guard let from, let to, let shares, shares.count == 3, shares.allSatisfy({ (0...1).contains($0) }) else {
            return nil
        }
        return Adaptation(
            from: from, to: to, level: AdaptationLevel(bitRate: shares[0], frameRate: shares[1], size: shares[2]))
    }

    private var summary: SessionSummary? {
        guard let completion = completion?.completion else { return nil }
        var summary = SessionSummary(completion: completion)
        summary.correlationID = text
        summary.counts = SessionCounts(counts ?? [:])
        summary.peakQueuedSegments = count ?? 0
        return summary
    }

    private var warning: SessionWarning? {
        switch text {
        case "unsupportedOption":
            values.flatMap {
                guard $0.count >= 2 else { return nil }
                return .unsupportedOption(field: $0[0], value: $0[1], supported: Array($0[2...]))
            }
        case "missingTrack": mediaTrack.map { .missingTrack($0) }
        case "trackSilent": mediaTrack.map { .trackSilent($0) }
        case "captureFailed":
            error.map {
                .captureFailed(
                    CaptureError(
                        .init(rawValue: $0.code), operation: $0.operation, message: $0.message,
                        underlying: $0.underlying))
            }
        case "encodeFailed":
            error.map {
                .encodeFailed(
                    EncodeError(
                        .init(rawValue: $0.code), operation: $0.operation, message: $0.message,
                        underlying: $0.underlying))
            }
        case "spoolFailed":
            error.map {
                .spoolFailed(
                    SpoolError(
                        .init(rawValue: $0.code), operation: $0.operation, message: $0.message,
                        underlying: $0.underlying))
            }
        case "rolloverDelayed": error.map { .rolloverDelayed($0.sessionError) }
        case "finishTimedOut": .finishTimedOut
        case "drainInterrupted": error.map { .drainInterrupted($0.sessionError) }
        default: nil
        }
    }
}
