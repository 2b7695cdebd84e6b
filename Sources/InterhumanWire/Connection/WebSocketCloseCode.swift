/// A close code (RFC 6455 section 7.4 and IANA's registry).
public struct WebSocketCloseCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public var rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public var description: String { String(rawValue) }

    /// Done.
    public static let normal = WebSocketCloseCode(rawValue: 1000)
    /// The endpoint goes away: a server shuts down, a page is left.
    public static let goingAway = WebSocketCloseCode(rawValue: 1001)
    /// The peer broke the protocol.
    public static let protocolError = WebSocketCloseCode(rawValue: 1002)
    /// A kind of message that the endpoint does not take.
    public static let unsupportedData = WebSocketCloseCode(rawValue: 1003)
    /// The close frame had no code. Never sent.
    public static let noStatus = WebSocketCloseCode(rawValue: 1005)
    /// There was no close frame. Never sent.
    public static let abnormal = WebSocketCloseCode(rawValue: 1006)
    /// A message whose content does not fit its kind: text that is not UTF-8.
    public static let invalidPayload = WebSocketCloseCode(rawValue: 1007)
    /// A message against the endpoint's policy.
    public static let policyViolation = WebSocketCloseCode(rawValue: 1008)
    /// A message that is too big.
    public static let messageTooBig = WebSocketCloseCode(rawValue: 1009)
    /// The server negotiated none of the extensions that the client needs.
    public static let mandatoryExtension = WebSocketCloseCode(rawValue: 1010)
    /// The server failed.
    public static let internalError = WebSocketCloseCode(rawValue: 1011)
    /// The service restarts.
    public static let serviceRestart = WebSocketCloseCode(rawValue: 1012)
    /// Try again later.
    public static let tryAgainLater = WebSocketCloseCode(rawValue: 1013)

    /// Whether a close frame may carry the code: 1000–1003, 1007–1014 and 3000–4999.
    public var maySend: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
