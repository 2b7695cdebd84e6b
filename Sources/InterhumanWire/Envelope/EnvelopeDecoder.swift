public import InterhumanCore

/// Reads the service's messages, in all three generations of the API.
///
/// One pass over the text and no intermediate tree. Unknown types, unknown fields and data that does not fit its type
/// never fail: they come out as `ServerMessage.Body.unknown(reason:)` with the JSON kept as it came.
public struct EnvelopeDecoder: Sendable {
    /// Creates a decoder; all are the same.
    public init() {}

    /// Reads a text message.
    ///
    /// - Throws: ``EnvelopeError`` with `notJSON` or `tooDeep`; nothing else.
    public func decode(_ text: String) throws(EnvelopeError) -> ServerMessage {
        var text = text
        let result = text.withUTF8 { bytes in
            var reader = JSONReader(bytes)
            return Result { () throws(JSONFault) -> Envelope in try Envelope(&reader) }
        }
        switch result {
        case .success(let envelope):
            return ServerMessage(
                type: envelope.type ?? "", timestamp: envelope.timestamp, correlationID: envelope.correlationID,
                body: envelope.body ?? .unknown(reason: "the message has no type"), rawJSON: text)
        case .failure(let fault):
            throw fault.error(Self.operation)
                ?? EnvelopeError(.notJSON, operation: Self.operation, message: "The text is not JSON.")
        }
    }

    private static let operation = "read a message of the service"
}

/// The members of an envelope, in whatever order they come.
private struct Envelope {
    var type: String?
    var timestamp: ServerTimestamp?
    var correlationID: String?
    var body: ServerMessage.Body?

    private enum Key: String, JSONKey {
        case type, timestamp, data
        case correlationID = "correlation_id"
        static let table = JSONKeyTable<Key>()
    }

    /// Reads the whole text. Faults of shape end in an unknown body, so only faults of syntax and depth get out.
    init(_ reader: inout JSONReader) throws(JSONFault) {
        let start = reader.place
        var data: (position: Int, depth: Int)?
        do throws(JSONFault) {
            try reader.members { (reader, key: Key) throws(JSONFault) in
                switch key {
                case .type: type = try reader.readString()
                case .timestamp: timestamp = try reader.tolerantTimestamp()
                case .correlationID: correlationID = try reader.tolerantString()
                case .data:
                    data = reader.place
                    if let type { body = try .init(type: type, &reader) } else { try reader.skipValue() }
                }
            }
        } catch .shape(let reason) {
            reader.rewind(to: start)
            try reader.skipValue()
            body = .unknown(reason: reason)
        }
        try reader.expectEnd()
        guard body == nil, let type else { return }
        if let data {
            // `data` came before `type`: it has been skipped, and is read now.
            reader.rewind(to: data)
            body = try .init(type: type, &reader)
        } else {
            body = .init(typeWithoutData: type)
        }
    }
}

extension ServerMessage.Body {
    /// Reads `data` of a type; what does not fit is skipped and becomes an unknown body.
    fileprivate init(type: String, _ reader: inout JSONReader) throws(JSONFault) {
        let start = reader.place
        do throws(JSONFault) {
            if let known = try Self.known(type, &reader) {
                self = known
            } else {
                try reader.skipValue()
                self = .unknown(reason: "the type is not known")
            }
        } catch .shape(let reason) {
            reader.rewind(to: start)
            try reader.skipValue()
            self = .unknown(reason: "the data does not fit the type: \(reason)")
        }
    }

    fileprivate init(typeWithoutData type: String) {
        // Every field of session.ready is optional, so its data is, too.
        self = type == "session.ready" ? .sessionReady(SessionReady()) : .unknown(reason: "the message has no data")
    }

    private static func known(_ type: String, _ reader: inout JSONReader) throws(JSONFault) -> Self? {
        switch type {
        case "signal.detected": .signalDetected(try SignalObservation.detected(&reader))
        case "signal.updated": .signalUpdated(try SignalObservation(&reader))
        case "signal.ended": .signalEnded(try SignalEnd(&reader))
        case "engagement.updated": .engagementUpdated(try EngagementUpdate(&reader))
        case "conversation_quality.updated": .conversationQualityUpdated(try ConversationQualityUpdate(&reader))
        case "feedback.generated": .feedbackGenerated(try Feedback(&reader))
        case "coverage.dropped": .coverageDropped(try Coverage(&reader))
        case "coverage.degraded": .coverageDegraded(try Coverage(&reader))
        case "session.ready": .sessionReady(try SessionReady(&reader))
        case "session.updated": .sessionUpdated(try SessionUpdated(&reader))
        case "session.closing": .sessionClosing(try SessionClosing(&reader))
        case "session.ended": .sessionEnded(try SessionEnded(&reader))
        case "error": .error(try ServiceError(&reader))
        default: nil
        }
    }
}

extension JSONReader {
    /// An instant, or nil for anything else, which is skipped.
    fileprivate mutating func tolerantTimestamp() throws(JSONFault) -> ServerTimestamp? {
        guard peek() == UInt8(ascii: "\"") else {
            try skipValue()
            return nil
        }
        let place = try string()
        return ServerTimestamp(iso8601: UnsafeBufferPointer(rebasing: bytes[place.start..<place.end]))
    }

    /// A string, or nil for a value of another kind, which is skipped.
    fileprivate mutating func tolerantString() throws(JSONFault) -> String? {
        guard peek() == UInt8(ascii: "\"") else {
            try skipValue()
            return nil
        }
        return try readString()
    }
}
