/// Reaching the service or staying connected to it failed.
public struct ConnectionError: InterhumanError {
    public var code: Code
    public var operation: String
    public var message: String
    public var underlying: String?
    public var correlationID: String?
    /// The HTTP status, where the handshake was answered with something else than 101.
    public var httpStatus: Int?
    /// How long the service asks to wait before another try (`Retry-After`).
    public var retryAfter: Duration?
    /// The service's own account of the failure, from the body of an HTTP response or an `error` envelope.
    public var serviceError: ServiceError?
    /// The close code, where the connection had been open.
    public var closeCode: UInt16?

    /// Creates an error; see ``InterhumanError`` for the parts.
    public init(
        _ code: Code, operation: String, message: String, underlying: String? = nil, correlationID: String? = nil,
        httpStatus: Int? = nil, retryAfter: Duration? = nil, serviceError: ServiceError? = nil,
        closeCode: UInt16? = nil
    ) {
        self.code = code
        self.operation = operation
        self.message = message
        self.underlying = underlying
        self.correlationID = correlationID
        self.httpStatus = httpStatus
        self.retryAfter = retryAfter
        self.serviceError = serviceError
        self.closeCode = closeCode
    }

    public var description: String {
        summary + (serviceError.map { " [the service: \($0)]" } ?? "")
    }

    /// Kinds of failure.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public var rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The host's name has no address.
        public static let nameNotResolved = Code(rawValue: "nameNotResolved")
        /// No address could be reached.
        public static let unreachable = Code(rawValue: "unreachable")
        /// A deadline passed.
        public static let timedOut = Code(rawValue: "timedOut")
        /// The peer's certificate can't be trusted, or is for another host.
        public static let certificateRejected = Code(rawValue: "certificateRejected")
        /// TLS failed otherwise.
        public static let tls = Code(rawValue: "tls")
        /// The proxy refused or failed.
        public static let proxy = Code(rawValue: "proxy")
        /// The proxy wants a user name and password, or refused those that it got (HTTP 407).
        public static let proxyUnauthorized = Code(rawValue: "proxyUnauthorized")
        /// The service refused the credential (HTTP 401 or 403).
        public static let unauthorized = Code(rawValue: "unauthorized")
        /// The service answered the handshake with another HTTP status.
        public static let refused = Code(rawValue: "refused")
        /// The service points elsewhere (HTTP 3xx), which is not followed.
        public static let redirected = Code(rawValue: "redirected")
        /// The peer's answer is no WebSocket handshake.
        public static let notWebSocket = Code(rawValue: "notWebSocket")
        /// The peer broke the WebSocket protocol.
        public static let protocolViolation = Code(rawValue: "protocolViolation")
        /// The peer sent more than the limits allow.
        public static let limitExceeded = Code(rawValue: "limitExceeded")
        /// The connection ended before it should have.
        public static let connectionLost = Code(rawValue: "connectionLost")
        /// The service ended the session with an error.
        public static let endedByService = Code(rawValue: "endedByService")
        /// The connection had been closed already.
        public static let closed = Code(rawValue: "closed")
        /// The endpoint or another setting is unusable.
        public static let invalidSettings = Code(rawValue: "invalidSettings")
        /// The task that waited was cancelled.
        public static let cancelled = Code(rawValue: "cancelled")
        /// The operating system failed otherwise; `underlying` says how.
        public static let system = Code(rawValue: "system")
    }
}
