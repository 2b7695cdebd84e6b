public import InterhumanCore
import Synchronization

/// A connection without a network that follows a ``ConnectionScript`` and records what is sent on it. Tests may also
/// make it speak, break or stall by hand.
public final class ScriptedConnection: AnalysisConnection {
    /// One thing that the client did.
    public enum Sent: Sendable, Hashable {
        /// The client configured the session.
        case configuration(SessionConfiguration)
        /// The client sent a segment, with or without the container's header.
        case segment(MediaSegment, includingHeader: Bool)
        /// The client asked the service to finish (`session.close`).
        case closeRequest
        /// The client closed the connection.
        case close
    }

    private struct State {
        var script: ConnectionScript
        var sent: [Sent] = []
        var segmentCount = 0
        var incoming: [ConnectionEvent] = []
        var isEnded = false
        var failure: ConnectionError?
        var isHeld = false
        var heldCount = 0

        /// What a call of the client comes to; nil while it is held.
        mutating func outcome(of item: Sent, _ operation: String) -> Result<Void, ConnectionError>? {
            if let failure { return .failure(failure) }
            if isEnded { return .failure(ScriptedConnection.error(.closed, operation)) }
            if isHeld { return nil }
            sent.append(item)
            return .success(())
        }
    }

    private let state: Mutex<State>
    private let newsForReader = EventCount()
    private let newsForSender = EventCount()
    private let newsForTest = EventCount()

    /// The service's name for the connection.
    public let correlationID: String?

    /// Opens a connection that follows the script.
    public init(_ script: ConnectionScript) {
        correlationID = script.correlationID
        state = Mutex(State(script: script))
        follow(.open)
    }

    // MARK: For the client

    public var events: MediaSequence<ConnectionEvent, Never> {
        MediaSequence { [self] () async throws(Never) in
            let event = await newsForReader.first {
                Task.isCancelled ? nil : state.withLock { $0.incoming.isEmpty ? nil : $0.incoming.removeFirst() }
            }
            if event != nil { newsForTest.advance() }
            return event
        }
    }

    public func send(_ configuration: SessionConfiguration) async throws(ConnectionError) {
        try await record(.configuration(configuration), "send the configuration")
        follow(.configuration)
    }

    public func send(_ segment: MediaSegment, includingHeader: Bool) async throws(ConnectionError) {
        try await record(.segment(segment, includingHeader: includingHeader), "send a segment")
        let number = state.withLock { state in
            state.segmentCount += 1
            return state.segmentCount
        }
        follow(.segment(number))
    }

    public func requestClose() async throws(ConnectionError) {
        try await record(.closeRequest, "send session.close")
        follow(.closeRequest)
    }

    public func close() async {
        state.withLock { $0.sent.append(.close) }
        end(ConnectionEnding(closeCode: 1000, initiator: .local))
        newsForTest.advance()
    }

    // MARK: For the test

    /// What the client did, in order.
    public var sent: [Sent] { state.withLock { $0.sent } }

    /// The segments among it.
    public var segments: [MediaSegment] {
        sent.compactMap { if case .segment(let segment, _) = $0 { segment } else { nil } }
    }

    /// The bytes of the binary messages, one array each.
    public var binaryMessages: [[UInt8]] {
        sent.compactMap {
            guard case .segment(let segment, let includingHeader) = $0 else { return nil }
            return includingHeader ? segment.header + segment.body : segment.body
        }
    }

    /// Whether the client closed the connection.
    public var isClosedByClient: Bool { sent.contains(.close) }

    /// Waits until what the client did satisfies a condition; returns early when the task is cancelled.
    public func waitUntil(_ condition: @Sendable ([Sent]) -> Bool) async {
        await newsForTest.wait { condition(sent) }
    }

    /// Waits until the client has read everything that came; returns early when the task is cancelled.
    public func waitUntilRead() async {
        await newsForTest.wait { state.withLock { $0.incoming.isEmpty } }
    }

    /// Sends a message to the client.
    public func deliver(_ message: ServerMessage) {
        receive(.message(message))
    }

    /// Ends the connection; nothing can be sent or delivered after it.
    public func end(_ ending: ConnectionEnding) {
        receive(.ended(ending))
        newsForSender.advance()
    }

    /// Takes nothing more from the client: its calls wait.
    public func holdSends() {
        state.withLock { $0.isHeld = true }
    }

    /// Waits until a call of the client is held; returns early when the task is cancelled.
    public func waitUntilSendIsHeld() async {
        await newsForTest.wait { state.withLock { $0.heldCount > 0 } }
    }

    /// Takes what the client sends again.
    public func releaseSends() {
        state.withLock { $0.isHeld = false }
        newsForSender.advance()
    }

    private func receive(_ event: ConnectionEvent) {
        state.withLock { state in
            guard !state.isEnded else { return }
            if case .ended = event { state.isEnded = true }
            state.incoming.append(event)
        }
        newsForReader.advance()
    }

    private func record(_ item: Sent, _ operation: String) async throws(ConnectionError) {
        var isCounted = false
        let outcome = await newsForSender.first {
            let outcome = state.withLock { state in
                let outcome = state.outcome(of: item, operation)
                // Being held and counting as held is one step: a release may come at any time.
                if (outcome == nil) != isCounted { state.heldCount += isCounted ? -1 : 1 }
                return outcome
            }
            isCounted = outcome == nil
            newsForTest.advance()
            return outcome
        }
        guard let outcome else {
            // What was given up counted as held until now.
            state.withLock { $0.heldCount -= 1 }
            throw Self.error(.cancelled, operation)
        }
        try outcome.get()
    }

    private func follow(_ trigger: ConnectionScript.Trigger) {
        let actions = state.withLock { state in
            state.script.steps.filter { $0.trigger == trigger }.flatMap(\.actions)
        }
        for action in actions {
            switch action {
            case .send(let message): deliver(message)
            case .end(let ending): end(ending)
            case .failSends(let error): state.withLock { $0.failure = error }
            case .holdSends: holdSends()
            }
        }
    }

    private static func error(_ code: ConnectionError.Code, _ operation: String) -> ConnectionError {
        ConnectionError(
            code, operation: operation, message: "The scripted connection is over. Open a new one.")
    }
}
