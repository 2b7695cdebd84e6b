import InterhumanCore

/// The credential of a handshake, and what the server has to echo for it.
struct PresentedCredential: Sendable {
    /// The marker of the pair form.
    static let pairMarker = "access_token"

    let credential: Credential
    let placement: CredentialPlacement
    /// The subprotocol that the answer has to name; a browser drops the connection when an offer gets none.
    let echoedSubprotocol: String?

    /// Looks in the three places; nil when there is no credential in any.
    ///
    /// - Parameters:
    ///   - authorization: The `Authorization` header.
    ///   - subprotocols: The values of `Sec-WebSocket-Protocol`, in order.
    init?(authorization: String?, subprotocols: [String]) {
        if let key = authorization.flatMap(Self.bearer) {
            credential = Credential(key)
            placement = .authorizationHeader
            echoedSubprotocol = subprotocols.first
        } else if subprotocols.count == 2, subprotocols[0] == Self.pairMarker {
            credential = Credential(subprotocols[1])
            placement = .subprotocolPair
            echoedSubprotocol = Self.pairMarker
        } else if subprotocols.count == 1, subprotocols[0] != Self.pairMarker {
            credential = Credential(subprotocols[0])
            placement = .subprotocol
            echoedSubprotocol = subprotocols[0]
        } else {
            return nil
        }
    }

    /// The token of `Bearer <token>` (RFC 6750, section 2.1); the scheme's case does not matter.
    private static func bearer(_ header: String) -> String? {
        let parts = header.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }
}
