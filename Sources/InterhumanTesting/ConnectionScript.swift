public import InterhumanCore
import InterhumanWire

/// What a ``ScriptedConnection`` does, and when.
///
/// ```swift
/// let script = ConnectionScript.wellBehaved()
///     .on(.segment(2), .send(ServerMessage(scripted: .feedbackGenerated(Feedback(text: "Good.")))))
/// ```
public struct ConnectionScript: Sendable {
    /// The service's name for the connection.
    public var correlationID: String?
    /// What happens, in this order where triggers coincide.
    public var steps: [(trigger: Trigger, actions: [Action])] = []

    /// Creates a script in which nothing happens.
    public init(correlationID: String? = "scripted-1") {
        self.correlationID = correlationID
    }

    /// Adds what happens at a trigger.
    public func on(_ trigger: Trigger, _ actions: Action...) -> ConnectionScript {
        var script = self
        script.steps.append((trigger, actions))
        return script
    }

    /// What the client does that sets something off.
    public enum Trigger: Sendable, Hashable {
        /// The connection opened.
        case open
        /// A configuration came.
        case configuration
        /// The n-th segment came, counted from 1.
        case segment(Int)
        /// `session.close` came.
        case closeRequest
    }

    /// What the service does.
    public enum Action: Sendable {
        /// Sends a message.
        case send(ServerMessage)
        /// Ends the connection.
        case end(ConnectionEnding)
        /// Lets the client's next calls fail with this error.
        case failSends(ConnectionError)
        /// Takes nothing more until ``ScriptedConnection/releaseSends()``.
        case holdSends
    }

    /// A service as it should be: ready at once, acknowledges the configuration, drains when asked to, closes.
    ///
    /// - Parameters:
    ///   - ready: What `session.ready` says.
    ///   - maxDrainSeconds: What `session.closing` says.
    public static func wellBehaved(
        ready: SessionReady = SessionReady(), maxDrainSeconds: Double = 30
    ) -> ConnectionScript {
        ConnectionScript()
            .on(.open, .send(ServerMessage(scripted: .sessionReady(ready))))
            .on(.configuration, .send(ServerMessage(scripted: .sessionUpdated(SessionUpdated(include: [])))))
            .on(
                .closeRequest,
                .send(ServerMessage(scripted: .sessionClosing(SessionClosing(maxDrainSeconds: maxDrainSeconds)))),
                .send(ServerMessage(scripted: .sessionEnded(SessionEnded(reason: "client_shutdown")))),
                .end(ConnectionEnding(closeCode: 1000, initiator: .remote)))
    }
}

extension ServerMessage {
    /// Creates a message with the type that belongs to its body. Without `rawJSON` it gets the envelope that a service
    /// would send; what no single envelope can say gets one with empty data.
    public init(scripted body: Body, correlationID: String? = nil, rawJSON: String? = nil) {
        let type = body.scriptedType
        self.init(type: type, correlationID: correlationID, body: body)
        let texts =
            rawJSON.map { [$0] }
            ?? EnvelopeEncoder().encode(
                body, timestamp: ServerTimestamp(nanosecondsSince1970: 0), correlationID: correlationID)
        self.rawJSON = texts.count == 1 ? texts[0] : #"{"type":"\#(type)","data":{}}"#
    }
}

extension ServerMessage.Body {
    fileprivate var scriptedType: String {
        switch self {
        case .sessionReady: "session.ready"
        case .sessionUpdated: "session.updated"
        case .signalDetected: "signal.detected"
        case .signalUpdated: "signal.updated"
        case .signalEnded: "signal.ended"
        case .engagementUpdated: "engagement.updated"
        case .conversationQualityUpdated: "conversation_quality.updated"
        case .feedbackGenerated: "feedback.generated"
        case .coverageDropped: "coverage.dropped"
        case .coverageDegraded: "coverage.degraded"
        case .sessionClosing: "session.closing"
        case .sessionEnded: "session.ended"
        case .error: "error"
        case .unknown: "unknown"
        }
    }
}
