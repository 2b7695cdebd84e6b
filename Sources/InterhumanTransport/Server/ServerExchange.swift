public import InterhumanCore

/// One HTTP request that reached a ``WebSocketServer``. Answer it exactly once; one that is unanswered when the
/// handler returns gets a 500.
public struct ServerExchange: Sendable {
    /// `GET`, …
    public let method: String
    /// The request's target as it came: path and query.
    public let target: String
    /// The target up to the question mark, percent-encoded as it came.
    public let path: String
    /// The query's parameters in order, percent-decoded.
    public let query: [(name: String, value: String)]
    /// The header fields in order.
    public let headers: [HeaderField]
    /// The client's address and port.
    public let remoteAddress: String
    /// What the client offers in `Sec-WebSocket-Protocol`, in order. May hold a credential.
    public let offeredSubprotocols: [String]
    /// Whether the request is a WebSocket handshake that can be accepted.
    public let isWebSocketUpgrade: Bool
    /// The body of a plain request, at most 64 KiB.
    public let body: [UInt8]

    let answer: ServerAnswer

    /// The value of the first header field of this name, compared without regard to case.
    public func firstHeader(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }

    /// Accepts the upgrade and returns the open connection.
    ///
    /// - Parameters:
    ///   - subprotocol: One of ``offeredSubprotocols``, or nil for none.
    ///   - headers: Further header fields of the response.
    ///   - oversizeText: Takes the place of the configuration's for this connection.
    /// - Throws: `notWebSocket` when the request is no upgrade, `invalidSettings` when the subprotocol was not offered
    ///   or a header can't be sent, `closed` when the client has gone or the request was answered already.
    public func accept(
        subprotocol: String?, headers: [HeaderField], oversizeText: (@Sendable () -> String)? = nil
    ) async throws(ConnectionError) -> WebSocketChannel {
        try await accept(
            subprotocol: subprotocol, headers: headers, oversizeText: oversizeText, receiveLimit: nil, receiveRate: nil)
    }

    /// Accepts the upgrade as above. With a `receiveLimit` the connection is reset when so many bytes have come over TCP
    /// after the handshake; with a `receiveRate` they are read no faster than that.
    package func accept(
        subprotocol: String?, headers: [HeaderField], oversizeText: (@Sendable () -> String)?, receiveLimit: Int?,
        receiveRate: ReceiveRate?
    ) async throws(ConnectionError) -> WebSocketChannel {
        try await answer.accept(
            subprotocol: subprotocol, headers: headers, oversizeText: oversizeText, receiveLimit: receiveLimit,
            receiveRate: receiveRate)
    }

    /// Answers with an ordinary response and closes. Without effect when the request was answered already.
    public func respond(status: Int, headers: [HeaderField], body: [UInt8]) async {
        await answer.respond(status: status, headers: headers, body: body)
    }
}
