import InterhumanCore

/// The server's side of the opening handshake (RFC 6455 section 4.2), and of plain HTTP requests on the same port.
///
/// Give what comes to ``receive(_:)`` until it returns an outcome. After `.request` it reads the next request of the
/// connection; after `.upgrade` what is left of the input belongs to the ``WebSocketMachine``.
public struct ServerHandshake: Sendable {
    /// What a client wants.
    public enum Outcome: Sendable {
        /// It asks for a WebSocket, correctly. Answer with ``UpgradeRequest/accept(subprotocol:compression:headers:)``
        /// or refuse with an ``HTTPResponse``.
        case upgrade(UpgradeRequest)
        /// It asks for something else.
        case request(HTTPRequest)
        /// It can't be served: write the response and end the connection.
        case refuse(HTTPResponse, WireError)
    }

    private let limits: HandshakeLimits
    private var header: HTTPHeaderBlockReader
    private var pending: (request: HTTPRequest, body: HTTPBodyReader)?

    /// Creates a handshake.
    public init(limits: HandshakeLimits = HandshakeLimits()) {
        self.limits = limits
        header = HTTPHeaderBlockReader(limits: limits, prefix: "")
    }

    /// Whether a request has begun and is not complete.
    public var isInsideRequest: Bool { pending != nil || !header.isEmpty }

    /// Takes bytes off the front of `input`.
    ///
    /// - Parameter input: Bytes from the client; on return those that are left.
    /// - Returns: The outcome, or nil when `input` was used up before it.
    public mutating func receive(_ input: inout UnsafeRawBufferPointer) -> Outcome? {
        do throws(WireError) {
            if pending == nil {
                guard let block = try header.consume(&input) else { return nil }
                let request = try HTTPRequest(block)
                if request.headers.list("Upgrade", contains: "websocket") {
                    return UpgradeRequest.outcome(of: request)
                }
                let framing = try HTTPBodyReader.Framing(request: block.fields)
                pending = (request, HTTPBodyReader(framing: framing, limit: limits.body))
            }
            try pending?.body.consume(&input)
        } catch {
            return Self.refusal(error)
        }
        guard let (request, body) = pending, body.isComplete else { return nil }
        pending = nil
        guard !body.isTruncated else {
            return Self.refusal(
                status: 413,
                WireError(
                    .limitExceeded, operation: "read an HTTP request",
                    message: "The request's body is larger than \(limits.body) bytes."))
        }
        return .request(
            HTTPRequest(method: request.method, target: request.target, headers: request.headers, body: body.bytes))
    }

    private static func refusal(_ error: WireError) -> Outcome {
        refusal(status: error.code == .limitExceeded ? 431 : 400, error)
    }

    static func refusal(status: Int, headers: [HeaderField] = [], _ error: WireError) -> Outcome {
        let type = HeaderField("Content-Type", "text/plain; charset=utf-8")
        return .refuse(
            HTTPResponse(status: status, headers: headers + [type], body: Array((error.message + "\n").utf8)), error)
    }
}

extension HTTPRequest {
    fileprivate init(_ block: HTTPHeaderBlock) throws(WireError) {
        let parts = block.startLine.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[0].isToken, parts[1].isRequestTarget else {
            throw HTTPHeaderBlockReader.malformed("Its request line can't be read.")
        }
        guard parts[2] == "HTTP/1.1" else {
            throw HTTPHeaderBlockReader.malformed("Its version is not HTTP/1.1.")
        }
        guard block.fields.values(of: "Host").count == 1 else {
            throw HTTPHeaderBlockReader.malformed("It has not exactly one Host.")
        }
        self.init(method: parts[0], target: parts[1], headers: block.fields)
    }
}
