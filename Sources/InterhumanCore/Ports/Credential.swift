/// A secret. Printing, logging, reflecting or interpolating it shows `[redacted]`; only ``reveal()`` gives it away.
public struct Credential: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let secret: String

    /// Takes an API key or client token.
    public init(_ secret: String) {
        self.secret = secret
    }

    /// The secret itself, for the handshake only.
    public func reveal() -> String { secret }

    public var description: String { "[redacted]" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Where in the WebSocket handshake the credential goes.
public enum CredentialPlacement: Sendable, Hashable {
    /// `Authorization: Bearer <credential>`: the default.
    case authorizationHeader
    /// `Sec-WebSocket-Protocol: access_token, <credential>`.
    case subprotocolPair
    /// `Sec-WebSocket-Protocol: <credential>`, as browsers do.
    case subprotocol
}

/// A header field of an HTTP message.
public struct HeaderField: Sendable, Hashable, CustomStringConvertible {
    /// Name, compared without regard to case.
    public var name: String
    /// Value without surrounding white space.
    public var value: String

    /// Creates a field.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether the field carries a secret.
    public var isSensitive: Bool {
        Self.sensitiveNames.contains(name.lowercased())
    }

    /// The field as it may be logged: the values of sensitive ones are redacted.
    public var description: String {
        "\(name): \(isSensitive ? "[redacted]" : value)"
    }

    private static let sensitiveNames: Set<String> = [
        "authorization", "proxy-authorization", "sec-websocket-protocol", "cookie", "set-cookie",
    ]
}
