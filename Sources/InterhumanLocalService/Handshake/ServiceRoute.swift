import InterhumanCore

/// What a request's path leads to.
enum ServiceRoute: Sendable, Hashable {
    /// A stream to be analysed.
    case stream(ServiceEndpoint.Version)
    /// A key pair is exchanged for a token.
    case accessToken
    /// A client token is minted.
    case clientToken
    /// A client token is revoked.
    case revocation
    /// The service itself is asked for something.
    case control

    /// Nil for a path that leads nowhere.
    init?(path: String) {
        switch path {
        case "/v1/auth": self = .accessToken
        case "/v1/client_tokens": self = .clientToken
        case "/v1/client_tokens/revoke": self = .revocation
        case _ where path.hasPrefix(ControlEndpoint.prefix): self = .control
        default:
            guard let version = ServiceEndpoint.Version.allCases.first(where: { $0.path == path }) else { return nil }
            self = .stream(version)
        }
    }
}
