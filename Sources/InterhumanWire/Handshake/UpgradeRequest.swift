public import InterhumanCore

/// A client's correct request for a WebSocket.
public struct UpgradeRequest: Sendable, CustomStringConvertible, CustomReflectable {
    /// Path and query, percent-encoded.
    public let target: String
    /// The header fields.
    public let headers: [HeaderField]
    /// The subprotocols offered, best first. A credential may be among them.
    public let subprotocols: [String]
    /// The extensions offered, in order.
    public let extensions: [ExtensionDescription]

    private let key: HandshakeKey

    /// The path alone.
    public var path: String { String(target.prefix { $0 != "?" }) }
    /// The query without the question mark.
    public var query: String { String(target.dropFirst(path.count + 1)) }
    /// The `Origin`, where the client gives one: browsers do.
    public var origin: String? { headers.firstValue(of: "Origin") }

    /// What the server says to accept.
    public struct Acceptance: Sendable {
        /// The bytes to write.
        public var response: [UInt8]
        /// The compression in force, for ``WebSocketMachine/init(role:limits:compression:)``.
        public var compression: (any MessageCompression)?
    }

    /// Makes the 101.
    ///
    /// - Parameters:
    ///   - subprotocol: The one chosen among ``subprotocols``. Browsers drop the connection when they offered some and
    ///     the answer has none.
    ///   - compression: What the server is willing to use; the client's offers decide.
    ///   - headers: Further fields.
    /// - Throws: ``WireError`` with `misuse` when the subprotocol was not offered or a field is malformed.
    public func accept(
        subprotocol: String? = nil, compression: (any CompressionNegotiation)? = nil, headers: [HeaderField] = []
    ) throws(WireError) -> Acceptance {
        var fields = [
            HeaderField("Upgrade", "websocket"), HeaderField("Connection", "Upgrade"),
            HeaderField("Sec-WebSocket-Accept", key.acceptance),
        ]
        if let subprotocol {
            guard subprotocols.contains(subprotocol) else {
                throw WireError(
                    .misuse, operation: "accept a WebSocket",
                    message: "The subprotocol was not offered by the client. Choose one of those, or none.")
            }
            fields.append(HeaderField("Sec-WebSocket-Protocol", subprotocol))
        }
        let chosen = compression?.choose(from: extensions)
        if let chosen {
            fields.append(HeaderField("Sec-WebSocket-Extensions", chosen.response.description))
        }
        let response = try HTTPHeaderEncoder.encode(
            startLine: "HTTP/1.1 101 Switching Protocols", fields: fields + headers)
        return Acceptance(response: response, compression: chosen?.1)
    }

    /// Path and sizes; query, headers and subprotocols may hold secrets.
    public var description: String { "upgrade of \(path) (\(headers.count) header fields)" }
    public var customMirror: Mirror { Mirror(self, children: ["path": path]) }
}

extension UpgradeRequest {
    /// Checks a request that asks for a WebSocket (RFC 6455 section 4.2.1).
    static func outcome(of request: HTTPRequest) -> ServerHandshake.Outcome {
        let headers = request.headers
        guard request.method == "GET" else { return bad("Its method is not GET.") }
        guard headers.list("Connection", contains: "upgrade") else { return bad("It has no Connection: Upgrade.") }
        guard headers.values(of: "Sec-WebSocket-Version") == ["13"] else {
            // Section 4.2.2: say which version would do.
            return ServerHandshake.refusal(
                status: 426,
                headers: [
                    HeaderField("Sec-WebSocket-Version", "13"), HeaderField("Upgrade", "websocket"),
                    HeaderField("Connection", "Upgrade, close"),
                ],
                error("Its version is not 13."))
        }
        let keys = headers.values(of: "Sec-WebSocket-Key")
        guard keys.count == 1, let key = HandshakeKey(text: keys[0]) else {
            return bad("Its Sec-WebSocket-Key is not 16 bytes in base64.")
        }
        let subprotocols = headers.listMembers(of: "Sec-WebSocket-Protocol")
        guard subprotocols.allSatisfy(\.isToken) else { return bad("A subprotocol is not a token.") }
        var extensions: [ExtensionDescription] = []
        for member in headers.listMembers(of: "Sec-WebSocket-Extensions") {
            guard let description = ExtensionDescription(text: member) else {
                return bad("Its Sec-WebSocket-Extensions can't be read.")
            }
            extensions.append(description)
        }
        return .upgrade(
            UpgradeRequest(
                target: request.target, headers: headers, subprotocols: subprotocols, extensions: extensions, key: key))
    }

    private static func bad(_ message: String) -> ServerHandshake.Outcome {
        ServerHandshake.refusal(status: 400, error(message))
    }

    private static func error(_ message: String) -> WireError {
        WireError(
            .badHandshake, operation: "check a handshake's request",
            message: "The request is no WebSocket handshake. \(message)")
    }
}
