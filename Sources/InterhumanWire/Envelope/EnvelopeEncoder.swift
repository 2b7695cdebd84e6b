public import InterhumanCore

/// The generations of the service's messages (PROTOCOL.md: A, B, C).
public enum EnvelopeDialect: String, Sendable, Hashable, CaseIterable {
    /// A: `signals[]` with times within the segment, no `session.*` messages.
    case legacySegments
    /// B: flat signals with `start` and `end`, cumulative times, no `session.*` messages.
    case cumulative
    /// C: flat signals with `start` only, then `signal.updated` and `signal.ended`; `session.*`, `coverage.*`.
    case current
}

/// Writes the service's messages. The same value always gives the same bytes: keys are sorted.
public struct EnvelopeEncoder: Sendable {
    /// Which generation is written.
    public var dialect: EnvelopeDialect
    /// Whether signals carry `modality`: v1 sends it, v2 does not.
    public var includesModality: Bool

    /// Creates an encoder.
    public init(dialect: EnvelopeDialect = .current, includesModality: Bool = true) {
        self.dialect = dialect
        self.includesModality = includesModality
    }

    /// Writes a message.
    ///
    /// - Returns: Usually one text. None where the dialect has no such message or the body is unknown; several where
    ///   the body holds several signals and the dialect sends each on its own.
    public func encode(
        _ body: ServerMessage.Body, timestamp: ServerTimestamp, correlationID: String? = nil
    ) -> [String] {
        guard let type = type(of: body) else { return [] }
        if case .signalDetected(let signals) = body, dialect != .legacySegments {
            return signals.map { signal in
                envelope(type, timestamp, correlationID) { write(signal, typeKey: "signal_type", to: &$0) }
            }
        }
        return [envelope(type, timestamp, correlationID) { writeData(body, to: &$0) }]
    }

    private func envelope(
        _ type: String, _ timestamp: ServerTimestamp, _ correlationID: String?, data: (inout JSONWriter) -> Void
    ) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            if let correlationID {
                writer.key("correlation_id")
                writer.string(correlationID)
            }
            writer.key("data")
            data(&writer)
            writer.key("timestamp")
            writer.string(timestamp.iso8601)
            writer.key("type")
            writer.string(type)
        }
        return writer.text
    }

    /// The message's type; nil where the dialect has none.
    private func type(of body: ServerMessage.Body) -> String? {
        switch body {
        case .signalDetected: return "signal.detected"
        case .engagementUpdated: return "engagement.updated"
        case .conversationQualityUpdated: return "conversation_quality.updated"
        case .error: return "error"
        default: break
        }
        guard dialect == .current else { return nil }
        switch body {
        case .signalUpdated: return "signal.updated"
        case .signalEnded: return "signal.ended"
        case .feedbackGenerated: return "feedback.generated"
        case .coverageDropped: return "coverage.dropped"
        case .coverageDegraded: return "coverage.degraded"
        case .sessionReady: return "session.ready"
        case .sessionUpdated: return "session.updated"
        case .sessionClosing: return "session.closing"
        case .sessionEnded: return "session.ended"
        default: return nil
        }
    }

    private func writeData(_ body: ServerMessage.Body, to writer: inout JSONWriter) {
        switch body {
        case .signalDetected(let signals):
            writer.object { writer in
                writer.key("signals")
                writer.array(signals) { write($1, typeKey: "type", to: &$0) }
            }
        case .signalUpdated(let signal): write(signal, typeKey: "signal_type", to: &writer)
        case .signalEnded(let end): end.write(to: &writer)
        case .engagementUpdated(let update): update.write(to: &writer)
        case .conversationQualityUpdated(let update): update.write(to: &writer)
        case .feedbackGenerated(let feedback): feedback.write(to: &writer)
        case .coverageDropped(let coverage), .coverageDegraded(let coverage): coverage.write(to: &writer)
        case .sessionReady(let ready): ready.write(to: &writer)
        case .sessionUpdated(let updated): updated.write(to: &writer)
        case .sessionClosing(let closing): closing.write(to: &writer)
        case .sessionEnded(let ended): ended.write(to: &writer)
        case .error(let error): error.write(to: &writer)
        case .unknown: writer.null()
        }
    }

    private func write(_ signal: SignalObservation, typeKey: String, to writer: inout JSONWriter) {
        writer.object { writer in
            if dialect != .current { writer.member("end", signal.end) }
            if includesModality, dialect != .legacySegments, let modality = signal.modality {
                writer.key("modality")
                writer.array(modality) { $0.string($1.rawValue) }
            }
            writer.member("probability", signal.probability?.rawValue)
            writer.member("rationale", signal.rationale)
            // `signal_type` sorts before `start`, `type` after it.
            if typeKey < "start" { writer.member(typeKey, signal.type.rawValue) }
            writer.member("start", signal.start)
            if typeKey > "start" { writer.member(typeKey, signal.type.rawValue) }
        }
    }
}
