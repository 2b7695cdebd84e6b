/// One message of the service: a typed body, and the JSON it was read from.
public struct ServerMessage: Sendable, Hashable {
    /// The envelope's `type`, verbatim.
    public var type: String
    /// The envelope's `timestamp`; nil when absent or unreadable.
    public var timestamp: ServerTimestamp?
    /// The envelope's `correlation_id`: the service's name for the connection.
    public var correlationID: String?
    /// The envelope's `data`.
    public var body: Body
    /// The whole message as it came, UTF-8 JSON.
    public var rawJSON: String

    /// Creates a message.
    public init(
        type: String, timestamp: ServerTimestamp? = nil, correlationID: String? = nil, body: Body,
        rawJSON: String = ""
    ) {
        self.type = type
        self.timestamp = timestamp
        self.correlationID = correlationID
        self.body = body
        self.rawJSON = rawJSON
    }

    /// What a message says. The three generations of the API decode into the same cases.
    public enum Body: Sendable, Hashable {
        /// `session.ready`: the service accepted the connection.
        case sessionReady(SessionReady)
        /// `session.updated`: a configuration took effect.
        case sessionUpdated(SessionUpdated)
        /// `signal.detected`: one signal, or several where the service still sends `signals[]`.
        case signalDetected([SignalObservation])
        /// `signal.updated`: an active signal's details changed.
        case signalUpdated(SignalObservation)
        /// `signal.ended`: an active signal is over.
        case signalEnded(SignalEnd)
        /// `engagement.updated`.
        case engagementUpdated(EngagementUpdate)
        /// `conversation_quality.updated`, sent when asked for.
        case conversationQualityUpdated(ConversationQualityUpdate)
        /// `feedback.generated`, sent when goal dimensions are set.
        case feedbackGenerated(Feedback)
        /// `coverage.dropped`: stretches that were not analysed and are not billed.
        case coverageDropped(Coverage)
        /// `coverage.degraded`: stretches that were analysed in part.
        case coverageDegraded(Coverage)
        /// `session.closing`: the service drains.
        case sessionClosing(SessionClosing)
        /// `session.ended`: nothing follows.
        case sessionEnded(SessionEnded)
        /// `error`.
        case error(ServiceError)
        /// A type that this version doesn't know, or data that doesn't fit its type: see ``ServerMessage/rawJSON``.
        case unknown(reason: String)
    }
}

/// An instant of the service's wall clock.
public struct ServerTimestamp: Sendable, Hashable, Comparable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public var nanosecondsSince1970: Int64

    /// Creates an instant from nanoseconds since 1970-01-01T00:00:00Z.
    public init(nanosecondsSince1970: Int64) {
        self.nanosecondsSince1970 = nanosecondsSince1970
    }

    public static func < (left: ServerTimestamp, right: ServerTimestamp) -> Bool {
        left.nanosecondsSince1970 < right.nanosecondsSince1970
    }
}
