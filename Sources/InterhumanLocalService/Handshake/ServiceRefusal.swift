import InterhumanCore

/// An HTTP answer that says no: `{error_id, correlation_id, link, message}`.
struct ServiceRefusal: Sendable {
    var status: Int
    var error: ServiceError
    /// Header fields besides the usual ones.
    var headers: [HeaderField] = []

    /// The path leads nowhere. The code is this service's own: the vendor's for it is not known.
    static let unknownPath = ServiceRefusal(
        status: 404, code: "ih4000",
        message: "There is nothing here. Connect to /v1/stream/analyze or /v2/stream/analyze.")

    /// The request asks for no WebSocket.
    static let noUpgrade = ServiceRefusal(
        status: 426, code: "ih4000", message: "This is a WebSocket endpoint. Send a WebSocket handshake (RFC 6455).",
        headers: [HeaderField("Upgrade", "websocket"), HeaderField("Connection", "Upgrade, close")])

    /// There is no credential.
    static let missingCredential = ServiceRefusal(
        status: 401, code: ServiceErrorCode.missingKey.rawValue,
        message: "There is no API key. Send it as Authorization: Bearer KEY, or as a subprotocol.",
        headers: [HeaderField("WWW-Authenticate", "Bearer")])

    /// The credential is wrong.
    static let wrongCredential = ServiceRefusal(
        status: 401, code: ServiceErrorCode.invalidKey.rawValue, message: "The API key is not valid.",
        headers: [HeaderField("WWW-Authenticate", "Bearer error=\"invalid_token\"")])

    private init(status: Int, code: String, message: String, headers: [HeaderField] = []) {
        self.status = status
        error = ServiceError(
            code: ServiceErrorCode(rawValue: code), message: message, link: ServiceLinks.documentation)
        self.headers = headers
    }

    /// The body. All its texts are this service's own and need no escaping beyond quotes and backslashes.
    func body(correlationID: String) -> [UInt8] {
        let fields = [
            ("error_id", error.code.rawValue), ("correlation_id", correlationID), ("link", error.link ?? ""),
            ("message", error.message),
        ]
        let text = fields.map { "\"\($0.0)\":\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        return Array("{\(text)}".utf8)
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if character == "\"" || character == "\\" { result.append("\\") }
            result.append(character)
        }
    }
}
