public import InterhumanCore

/// An HTTP response: what a server said instead of 101, or what ours is to say.
public struct HTTPResponse: Sendable, Hashable, CustomStringConvertible {
    /// The status code.
    public var status: Int
    /// The status line's words.
    public var reason: String
    /// The header fields.
    public var headers: [HeaderField]
    /// The body.
    public var body: [UInt8]
    /// Whether the body went on beyond ``HandshakeLimits/body``.
    public var isBodyTruncated: Bool

    /// Creates a response; an empty `reason` takes the usual words.
    public init(
        status: Int, reason: String = "", headers: [HeaderField] = [], body: [UInt8] = [],
        isBodyTruncated: Bool = false
    ) {
        self.status = status
        self.reason = reason.isEmpty ? Self.usualReason(status) : reason
        self.headers = headers
        self.body = body
        self.isBodyTruncated = isBodyTruncated
    }

    /// The response on the wire: adds `Content-Length`, and `Connection: close` unless the headers have a `Connection`.
    ///
    /// - Throws: ``WireError`` with `misuse` when a header field is malformed.
    public func encoded() throws(WireError) -> [UInt8] {
        var fields = headers.filter { $0.name.lowercased() != "content-length" }
        fields.append(HeaderField("Content-Length", String(body.count)))
        if headers.firstValue(of: "Connection") == nil { fields.append(HeaderField("Connection", "close")) }
        return try HTTPHeaderEncoder.encode(startLine: "HTTP/1.1 \(status) \(reason)", fields: fields) + body
    }

    /// Status and sizes; the body may hold a token.
    public var description: String {
        "HTTP \(status) \(reason) (\(headers.count) header fields, \(body.count) bytes of body)"
    }

    private static func usualReason(_ status: Int) -> String {
        switch status {
        case 101: "Switching Protocols"
        case 200: "OK"
        case 201: "Created"
        case 204: "No Content"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 413: "Content Too Large"
        case 426: "Upgrade Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 503: "Service Unavailable"
        default: "Status \(status)"
        }
    }
}

/// An HTTP request that asks for no WebSocket.
public struct HTTPRequest: Sendable, Hashable, CustomStringConvertible {
    /// `GET`, `POST`, …
    public var method: String
    /// Path and query, percent-encoded.
    public var target: String
    /// The header fields.
    public var headers: [HeaderField]
    /// The body.
    public var body: [UInt8]

    /// Creates a request.
    public init(method: String, target: String, headers: [HeaderField] = [], body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    /// Method, path and sizes; query, headers and body may hold secrets.
    public var description: String {
        "\(method) \(target.prefix { $0 != "?" }) (\(headers.count) header fields, \(body.count) bytes of body)"
    }
}

/// Writes header blocks.
enum HTTPHeaderEncoder {
    /// A header block with its empty line. Nothing that could end a line gets into it.
    static func encode(startLine: String, fields: [HeaderField]) throws(WireError) -> [UInt8] {
        var text = startLine + "\r\n"
        guard startLine.isFieldValue else { throw invalid("the start line") }
        for field in fields {
            guard field.name.isToken else { throw invalid("a header field's name") }
            guard field.value.isFieldValue else { throw invalid("the value of \(field.name)") }
            text += "\(field.name): \(field.value)\r\n"
        }
        return Array((text + "\r\n").utf8)
    }

    private static func invalid(_ what: String) -> WireError {
        WireError(
            .misuse, operation: "write an HTTP header",
            message: "There are characters in \(what) that an HTTP header can't hold. Remove line breaks and blanks.")
    }
}
