import InterhumanCore
import InterhumanWire
import Synchronization

/// The client's connection to the service: typed messages over a ``WebSocketChannel``.
final class WebSocketConnection: AnalysisConnection {
    let correlationID: String?
    private let channel: WebSocketChannel
    private let state = Mutex(State())

    private struct State {
        var didEnd = false
        /// Of the messages that the user has taken.
        var errors = ReportedErrors()
    }

    init(channel: WebSocketChannel, correlationID: String?) {
        self.channel = channel
        self.correlationID = correlationID
    }

    var roundTrip: Duration? { channel.roundTrip }

    var events: MediaSequence<ConnectionEvent, Never> {
        MediaSequence { [self] () async throws(Never) -> ConnectionEvent? in await nextEvent() }
    }

    func send(_ configuration: SessionConfiguration) async throws(ConnectionError) {
        try await explaining { () throws(ConnectionError) in
            try await channel.send(text: ClientMessageEncoder().encode(configuration))
        }
    }

    func send(_ segment: MediaSegment, includingHeader: Bool) async throws(ConnectionError) {
        try await explaining { () throws(ConnectionError) in
            try await channel.send(binary: includingHeader ? [segment.header, segment.body] : [segment.body])
        }
    }

    func requestClose() async throws(ConnectionError) {
        try await explaining { () throws(ConnectionError) in
            try await channel.send(text: ClientMessageEncoder().encodeClose())
        }
    }

    func close() async {
        await channel.close()
    }

    private func nextEvent() async -> ConnectionEvent? {
        var iterator = channel.messages.makeAsyncIterator()
        if let message = await iterator.next() {
            let decoded = Self.decode(message)
            state.withLock { $0.errors.note(decoded.body) }
            return .message(decoded)
        }
        guard !Task.isCancelled else { return nil }
        let isFirst = state.withLock { state in
            defer { state.didEnd = true }
            return !state.didEnd
        }
        return isFirst ? .ended(explain(await channel.ending())) : nil
    }

    /// Text that is no JSON and binary messages reach the user as messages too: they never end a session.
    private static func decode(_ message: WebSocketChannel.Message) -> ServerMessage {
        switch message {
        case .text(let text):
            do throws(EnvelopeError) {
                return try EnvelopeDecoder().decode(text)
            } catch {
                return ServerMessage(type: "", body: .unknown(reason: error.message), rawJSON: text)
            }
        case .binary(let bytes):
            let reason = "The service sent a binary message of \(bytes.count) bytes; the API has none. It was ignored."
            return ServerMessage(type: "", body: .unknown(reason: reason))
        }
    }

    // MARK: Explaining endings

    /// Adds what the service said before it ended the connection to an error of sending.
    private func explaining(
        _ body: () async throws(ConnectionError) -> Void
    ) async throws(ConnectionError) {
        do throws(ConnectionError) {
            try await body()
        } catch {
            guard error.code != .cancelled, error.code != .invalidSettings else { throw error }
            throw explain(await channel.ending()).error ?? error
        }
    }

    private func explain(_ ending: ConnectionEnding) -> ConnectionEnding {
        var ending = ending
        let errors = reportedErrors()
        ending.lastServiceError = errors.last
        if ending.error == nil, ending.initiator == .remote, ending.closeCode != 1000 {
            ending.error = ConnectionError(
                .endedByService, operation: "stay connected to the service",
                message: Self.message(ending, cause: errors.cause), closeCode: ending.closeCode)
        }
        guard var error = ending.error else { return ending }
        error.serviceError = error.serviceError ?? errors.cause
        error.correlationID = error.correlationID ?? correlationID
        error.closeCode = error.closeCode ?? ending.closeCode
        ending.error = error
        return ending
    }

    /// What the service reported in all messages, taken by the user or not. Called when none comes any more.
    private func reportedErrors() -> ReportedErrors {
        // In this order: a message that is taken meanwhile is noted twice, which changes nothing, and not missed.
        let waiting = channel.waitingMessages
        var errors = state.withLock { $0.errors }
        for message in waiting { errors.note(Self.decode(message).body) }
        return errors
    }

    private static func message(_ ending: ConnectionEnding, cause: ServiceError?) -> String {
        let reason = ending.reason.isEmpty ? "" : ", \(ending.reason)"
        let words = cause.map { " It said before: \($0)." } ?? ""
        let advice =
            switch ending.closeCode {
            case 1008, 4003: "Check the credential and the settings."
            case 4029: "The quota is used up; see the account."
            case 1009: "Send smaller messages."
            case 1013: "Try again later."
            default: "Connect again."
            }
        return "The service closed the connection (\(ending.closeCode)\(reason)).\(words) \(advice)"
    }
}
