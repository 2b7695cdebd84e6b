public import InterhumanCore

/// A peer broke the protocol, sent too much, or this program asked for what the protocol does not allow.
///
/// Header values, subprotocols and payloads never appear in it: any of them may hold a credential.
public struct WireError: InterhumanError, Hashable {
    public var code: Code
    public var operation: String
    public var message: String
    public var underlying: String?
    /// The close code that tells the peer (RFC 6455 section 7.4.1); nil where there is no WebSocket yet, or no more.
    public var closeCode: WebSocketCloseCode?
    /// Which rule was broken, where it is one of framing.
    public var violation: ProtocolViolation?

    /// Creates an error; see `InterhumanError` for the parts.
    public init(
        _ code: Code, operation: String, message: String, underlying: String? = nil,
        closeCode: WebSocketCloseCode? = nil, violation: ProtocolViolation? = nil
    ) {
        self.code = code
        self.operation = operation
        self.message = message
        self.underlying = underlying
        self.closeCode = closeCode
        self.violation = violation
    }

    /// Creates the error of a broken rule, with the close code that the table in ``ProtocolViolation`` gives it.
    public init(_ violation: ProtocolViolation) {
        self.init(
            violation.rule.closeCode == .messageTooBig ? .limitExceeded : .protocolViolation,
            operation: "read a WebSocket frame", message: violation.rule.message,
            underlying: violation.rule.source, closeCode: violation.rule.closeCode, violation: violation)
    }

    /// Kinds of failure.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public var rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The peer broke a rule of RFC 6455 or RFC 7692.
        public static let protocolViolation = Code(rawValue: "protocolViolation")
        /// The peer sent more than ``WebSocketLimits`` or ``HandshakeLimits`` allow.
        public static let limitExceeded = Code(rawValue: "limitExceeded")
        /// What came instead of an opening handshake is not HTTP/1.1.
        public static let notHTTP = Code(rawValue: "notHTTP")
        /// The peer's opening handshake is HTTP, but not a correct WebSocket handshake.
        public static let badHandshake = Code(rawValue: "badHandshake")
        /// The byte stream ended where it should not have.
        public static let unexpectedEndOfStream = Code(rawValue: "unexpectedEndOfStream")
        /// Something was to be sent after the close frame.
        public static let closed = Code(rawValue: "closed")
        /// The caller asked for what the protocol does not allow.
        public static let misuse = Code(rawValue: "misuse")
    }
}
