import InterhumanCore

/// An HTTP answer that says no: `{error_id, correlation_id, link, message}`.
struct ServiceRefusal: Error, Sendable {
    var status: Int
    var error: ServiceError
    /// Header fields besides the usual ones.
    var headers: [HeaderField] = []
    /// Whether there is no body, as when something between client and service answers.
    var isBare = false

    init(status: Int, _ code: ServiceErrorCode, _ message: String, headers: [HeaderField] = []) {
        self.status = status
        error = ServiceError(code: code, message: message, link: ServiceLinks.documentation)
        self.headers = headers
    }

    /// The body.
    func body(correlationID: String) -> [UInt8] {
        ServiceJSON.encode(
            Body(error_id: error.code.rawValue, correlation_id: correlationID, link: error.link, message: error.message)
        )
    }

    private struct Body: Encodable {
        var error_id: String
        var correlation_id: String
        var link: String?
        var message: String
    }

    /// This service's own code for requests that it can't make sense of: the vendor's is not known.
    private static let misdirected = ServiceErrorCode(rawValue: "ih4000")
    private static let missingSecret = ServiceErrorCode(rawValue: "ih2005")
}

// MARK: What is said

extension ServiceRefusal {
    static let unknownPath = ServiceRefusal(
        status: 404, misdirected, "There is nothing here. Connect to /v1/stream/analyze or /v2/stream/analyze.")

    /// The request asks for no WebSocket.
    static let noUpgrade = ServiceRefusal(
        status: 426, misdirected, "This is a WebSocket endpoint. Send a WebSocket handshake (RFC 6455).",
        headers: [HeaderField("Upgrade", "websocket"), HeaderField("Connection", "Upgrade, close")])

    static func wrongMethod(allowed: String) -> ServiceRefusal {
        ServiceRefusal(
            status: 405, misdirected, "This takes \(allowed) only.", headers: [HeaderField("Allow", allowed)])
    }

    static func badRequest(_ message: String) -> ServiceRefusal {
        ServiceRefusal(status: 400, misdirected, message)
    }

    static let missingCredential = ServiceRefusal(
        status: 401, .missingKey, "There is no API key. Send it as Authorization: Bearer KEY, or as a subprotocol.",
        headers: [HeaderField("WWW-Authenticate", "Bearer")])

    static let missingKeyID = ServiceRefusal(status: 401, .missingKey, "key_id is missing.")

    static let missingKeySecret = ServiceRefusal(status: 401, missingSecret, "key_secret is missing.")

    static let wrongCredential = invalid(.invalidKey, "The API key is not valid.")

    static let invalidToken = invalid(.tokenInvalid, "The client token is not valid.")

    static let revokedToken = invalid(.tokenRevoked, "The client token was revoked. Mint another.")

    static let expiredToken = invalid(.tokenExpired, "The client token has expired. Mint another.")

    static let forbiddenOrigin = ServiceRefusal(
        status: 403, .tokenInvalid, "The client token may not be used from this origin.")

    /// The key did not mint the token.
    static let foreignToken = ServiceRefusal(
        status: 403, .tokenInvalid, "The client token was minted by another key.")

    static let notLocal = ServiceRefusal(
        status: 403, misdirected, "The service is controlled from its own machine only, and not from web pages.")

    static let unknownReport = ServiceRefusal(status: 404, misdirected, "There is no report of this name.")

    /// A status alone, on request.
    static func bare(_ status: Int) -> ServiceRefusal {
        var refusal = ServiceRefusal(status: status, .internalError, "The local service was asked for this status.")
        refusal.isBare = true
        if status == 429 || status == 503 { refusal.headers = [HeaderField("Retry-After", "1")] }
        return refusal
    }

    /// The refusal for a code, on request.
    static func requested(_ code: ServiceErrorCode, status: Int) -> ServiceRefusal {
        var refusal = ServiceRefusal(status: status, code, ServiceError.requested(code).message)
        if status == 429 || status == 503 { refusal.headers = [HeaderField("Retry-After", "1")] }
        return refusal
    }

    static func scopeNotHeld(_ scope: AccessScope) -> ServiceRefusal {
        ServiceRefusal(status: 403, .missingScope, "The API key does not hold the scope \(scope).")
    }

    static let tooManySessions = ServiceRefusal(
        status: 429, .concurrencyLimit, "The credential has as many sessions as it may. Wait for one to end.",
        headers: [HeaderField("Retry-After", "1")])

    static let tooBusy = ServiceRefusal(
        status: 503, .tooBusy, "The service is too busy.", headers: [HeaderField("Retry-After", "1")])

    private static func invalid(_ code: ServiceErrorCode, _ message: String) -> ServiceRefusal {
        ServiceRefusal(
            status: 401, code, message, headers: [HeaderField("WWW-Authenticate", "Bearer error=\"invalid_token\"")])
    }
}
