public import InterhumanCore

/// The client's side of the opening handshake (RFC 6455 section 4.1) as a value.
///
/// Write ``request``; then give what comes to ``receive(_:)`` until it returns an outcome. Bytes that follow the 101
/// stay in the input: they are the first of the ``WebSocketMachine``.
public struct ClientHandshake: Sendable {
    /// What to ask for.
    public struct Request: Sendable {
        /// Path and query, percent-encoded (`ServiceEndpoint.target`).
        public var target: String
        /// The `Host` field (`ServiceEndpoint.authority`).
        public var authority: String
        /// A fresh random nonce.
        public var key: HandshakeKey
        /// Subprotocols to offer, best first. A credential may be among them.
        public var subprotocols: [String]
        /// Compression to offer; nil for none.
        public var compression: (any CompressionNegotiation)?
        /// Further fields: `Authorization`, `Origin`, …
        public var headers: [HeaderField]

        /// Creates a request.
        public init(
            target: String, authority: String, key: HandshakeKey, subprotocols: [String] = [],
            compression: (any CompressionNegotiation)? = nil, headers: [HeaderField] = []
        ) {
            self.target = target
            self.authority = authority
            self.key = key
            self.subprotocols = subprotocols
            self.compression = compression
            self.headers = headers
        }
    }

    /// How the handshake ended.
    public enum Outcome: Sendable {
        /// The WebSocket is open.
        case upgraded(Acceptance)
        /// The server answered with something else than 101.
        case refused(HTTPResponse)
    }

    /// What the server agreed to.
    public struct Acceptance: Sendable {
        /// The response's header fields.
        public var headers: [HeaderField]
        /// The subprotocol that the server chose among those offered.
        public var subprotocol: String?
        /// The compression in force, for ``WebSocketMachine/init(role:limits:compression:)``.
        public var compression: (any MessageCompression)?
    }

    /// The bytes to write.
    public let request: [UInt8]

    private let key: HandshakeKey
    private let subprotocols: [String]
    private let compression: (any CompressionNegotiation)?
    private let limits: HandshakeLimits
    private var header: HTTPHeaderBlockReader
    private var interimResponseCount = 0
    private var refusal: Refusal?

    /// Creates a handshake.
    ///
    /// - Throws: ``WireError`` with `misuse` when the request can't be written: a line break in a value, a subprotocol
    ///   that is not a token.
    public init(_ request: Request, limits: HandshakeLimits = HandshakeLimits()) throws(WireError) {
        self.request = try request.encoded()
        key = request.key
        subprotocols = request.subprotocols
        compression = request.compression
        self.limits = limits
        header = HTTPHeaderBlockReader(limits: limits, prefix: "HTTP/1.")
    }

    /// Takes bytes off the front of `input`.
    ///
    /// - Parameter input: Bytes from the server; on return those that are left.
    /// - Returns: The outcome, or nil when `input` was used up before it.
    /// - Throws: ``WireError`` with `notHTTP`, `badHandshake` or `limitExceeded`. End the transport then.
    public mutating func receive(_ input: inout UnsafeRawBufferPointer) throws(WireError) -> Outcome? {
        while refusal == nil {
            guard let block = try header.consume(&input) else { return nil }
            let status = try HTTPStatusLine(block.startLine)
            if status.code == 101 { return .upgraded(try accept(block.fields, status)) }
            guard status.code >= 200 else {
                interimResponseCount += 1
                guard interimResponseCount <= limits.interimResponses else { throw Self.tooManyInterimResponses }
                continue
            }
            refusal = Refusal(
                head: HTTPResponse(status: status.code, reason: status.reason, headers: block.fields),
                body: HTTPBodyReader(
                    framing: try .init(response: block.fields, status: status.code), limit: limits.body))
        }
        try refusal?.body.consume(&input)
        guard let refusal, refusal.body.isComplete else { return nil }
        return .refused(refusal.response)
    }

    /// Says that the server sends no more bytes.
    ///
    /// - Returns: The refusal, with as much of its body as came.
    /// - Throws: ``WireError`` with `unexpectedEndOfStream` when there is no response.
    public mutating func receiveEndOfStream() throws(WireError) -> Outcome {
        guard let refusal else {
            throw WireError(
                .unexpectedEndOfStream, operation: "read the handshake's response",
                message: header.isEmpty && interimResponseCount == 0
                    ? "The server ended the connection without an answer. Check host, port, and wss or ws."
                    : "The server ended the connection in the middle of its answer.")
        }
        return .refused(refusal.response)
    }

    /// Checks a 101 (RFC 6455 section 4.1, the client's list of six).
    private func accept(_ fields: [HeaderField], _ status: HTTPStatusLine) throws(WireError) -> Acceptance {
        guard status.minorVersion >= 1 else { throw Self.bad("It answered in HTTP/1.0.") }
        guard fields.list("Upgrade", contains: "websocket") else { throw Self.bad("It did not upgrade to websocket.") }
        guard fields.list("Connection", contains: "upgrade") else { throw Self.bad("It has no Connection: Upgrade.") }
        guard fields.values(of: "Sec-WebSocket-Accept") == [key.acceptance] else {
            throw Self.bad("Its Sec-WebSocket-Accept does not match. A proxy may have cached the answer.")
        }
        return Acceptance(
            headers: fields, subprotocol: try chosenSubprotocol(fields), compression: try agreedCompression(fields))
    }

    private func chosenSubprotocol(_ fields: [HeaderField]) throws(WireError) -> String? {
        let chosen = fields.listMembers(of: "Sec-WebSocket-Protocol")
        guard let first = chosen.first else { return nil }
        // The value is not named in the error: it may be a credential.
        guard chosen.count == 1, subprotocols.contains(first) else {
            throw Self.bad("It chose a subprotocol that was not offered.")
        }
        return first
    }

    private func agreedCompression(_ fields: [HeaderField]) throws(WireError) -> (any MessageCompression)? {
        let agreed = fields.listMembers(of: "Sec-WebSocket-Extensions")
        guard let first = agreed.first else { return nil }
        guard agreed.count == 1, let compression, let response = ExtensionDescription(text: first),
            compression.offers.contains(where: { $0.name == response.name })
        else { throw Self.bad("It agreed to an extension that was not offered.") }
        return try compression.activate(response: response)
    }

    private static func bad(_ message: String) -> WireError {
        WireError(
            .badHandshake, operation: "check the handshake's response",
            message: "The server's answer is no WebSocket handshake. \(message)")
    }

    private static var tooManyInterimResponses: WireError {
        WireError(
            .limitExceeded, operation: "read the handshake's response",
            message: "The server sent too many interim responses (1xx).")
    }
}

/// A response that is not 101, while its body comes.
private struct Refusal {
    let head: HTTPResponse
    var body: HTTPBodyReader

    /// The response with the body so far.
    var response: HTTPResponse {
        var response = head
        response.body = body.bytes
        response.isBodyTruncated = body.isTruncated || !body.mayEndNow
        return response
    }
}

extension ClientHandshake: CustomStringConvertible, CustomReflectable {
    /// Says nothing of the request: it holds the credential.
    public var description: String { "ClientHandshake(\(request.count) bytes)" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension ClientHandshake.Request {
    fileprivate func encoded() throws(WireError) -> [UInt8] {
        guard target.isRequestTarget, target.hasPrefix("/") else {
            throw Self.misuse("The path is not a path in percent-encoding that begins with a slash.")
        }
        guard subprotocols.allSatisfy(\.isToken) else {
            throw Self.misuse(
                "A subprotocol has characters that a header's token can't hold. Send the credential in the header.")
        }
        var fields = [
            HeaderField("Host", authority), HeaderField("Upgrade", "websocket"),
            HeaderField("Connection", "Upgrade"), HeaderField("Sec-WebSocket-Key", key.text),
            HeaderField("Sec-WebSocket-Version", "13"),
        ]
        if !subprotocols.isEmpty {
            fields.append(HeaderField("Sec-WebSocket-Protocol", subprotocols.joined(separator: ", ")))
        }
        if let offers = compression?.offers, !offers.isEmpty {
            let text = offers.map(\.description).joined(separator: ", ")
            fields.append(HeaderField("Sec-WebSocket-Extensions", text))
        }
        let reserved = Set(fields.map { $0.name.lowercased() })
        guard headers.allSatisfy({ !reserved.contains($0.name.lowercased()) }) else {
            throw Self.misuse("A further header field repeats one of the handshake's own.")
        }
        return try HTTPHeaderEncoder.encode(startLine: "GET \(target) HTTP/1.1", fields: fields + headers)
    }

    private static func misuse(_ message: String) -> WireError {
        WireError(.misuse, operation: "write the handshake's request", message: message)
    }
}

/// `HTTP/1.1 101 Switching Protocols`
struct HTTPStatusLine: Sendable {
    let minorVersion: Int
    let code: Int
    let reason: String

    init(_ line: String) throws(WireError) {
        let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, let minorVersion = parts[0].last?.wholeNumberValue, parts[0].utf8.count == 8,
            parts[1].utf8.count == 3, let code = UInt16(parts[1]), code >= 100, code <= 599
        else { throw HTTPHeaderBlockReader.malformed("Its status line can't be read.") }
        self.minorVersion = minorVersion
        self.code = Int(code)
        reason = parts.count == 3 ? String(parts[2]) : ""
    }
}
