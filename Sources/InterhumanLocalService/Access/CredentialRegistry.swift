import InterhumanCore
import Synchronization

/// Knows the key and the tokens: mints, revokes, and says what a credential that was presented may do.
final class CredentialRegistry: Sendable {
    /// How long a token that was exchanged for a key pair lasts, in seconds.
    static let accessTokenSeconds = 3600
    /// How long a client token lasts, in seconds, unless it is asked for otherwise.
    static let clientTokenSeconds = 300
    /// The lifetimes that can be asked for, in seconds.
    static let clientTokenRange = 60...3600
    /// Most tokens at a time.
    static let capacity = 10_000
    /// What tokens begin with; a credential that begins so and was not minted here is an invalid token, not a key.
    static let accessTokenPrefix = "ihat_"
    static let clientTokenPrefix = "ihct_"

    private struct Token {
        var account: CredentialAccount
        /// The key that minted it.
        var key: Credential
    }

    private let policy: AccessPolicy
    private let clock: any MediaClock
    private let keyAccount: CredentialAccount
    private let tokens = Mutex<[Credential: Token]>([:])

    init(policy: AccessPolicy, clock: any MediaClock) {
        self.policy = policy
        self.clock = clock
        keyAccount = CredentialAccount(
            scopes: policy.scopes, caps: CredentialAccount.Caps(sessionCount: policy.maximumSessions))
    }

    // MARK: Tokens

    /// Exchanges a key pair for a token.
    func exchange(_ request: AccessTokenRequest) throws(ServiceRefusal) -> TokenResponse {
        guard let id = request.key_id, !id.isEmpty else { throw .missingKeyID }
        guard let secret = request.key_secret, !secret.isEmpty else { throw .missingKeySecret }
        guard policy.accepts(keyID: id, secret: Credential(secret)) else { throw .wrongCredential }
        let scopes = try granted(request.scopes ?? [], default: nil)
        let account = CredentialAccount(
            scopes: scopes, expiry: clock.now + .seconds(Self.accessTokenSeconds), owner: keyAccount)
        let token = try keep(account, prefix: Self.accessTokenPrefix, key: Credential(id))
        return TokenResponse(
            access_token: token, expires_in: Self.accessTokenSeconds, scope: Self.names(scopes))
    }

    /// Mints a client token.
    func mint(_ request: ClientTokenRequest) throws(ServiceRefusal) -> TokenResponse {
        let key = try checked(request.api_key)
        if let name = request.uselessNumber { throw .badRequest("\(name) must be at least 1.") }
        let scopes = try granted(request.scopes, default: .stream)
        let range = Self.clientTokenRange
        let seconds = min(max(request.expires_in ?? Self.clientTokenSeconds, range.lowerBound), range.upperBound)
        let caps = CredentialAccount.Caps(
            sessionCount: request.max_concurrent ?? 1, sessionSeconds: request.max_duration_seconds,
            byteCount: request.max_bytes, videoSeconds: request.max_video_seconds,
            origins: request.allowed_origins)
        let account = CredentialAccount(
            scopes: scopes, caps: caps, expiry: clock.now + .seconds(seconds), owner: keyAccount)
        let token = try keep(account, prefix: Self.clientTokenPrefix, key: key)
        return TokenResponse(
            access_token: token, expires_in: seconds, scope: Self.names(scopes),
            max_duration_seconds: caps.sessionSeconds, max_bytes: caps.byteCount, max_concurrent: caps.sessionCount,
            max_video_seconds: caps.videoSeconds, allowed_origins: caps.origins)
    }

    /// Revokes a client token. One that has expired, or is not known, is no error.
    func revoke(_ request: RevocationRequest) throws(ServiceRefusal) {
        let key = try checked(request.api_key)
        guard let token = request.token, !token.isEmpty else { throw .badRequest("token is missing.") }
        guard let known = tokens.withLock({ $0[Credential(token)] }) else { return }
        guard known.key == key else { throw .foreignToken }
        known.account.revoke()
    }

    private func checked(_ key: String?) throws(ServiceRefusal) -> Credential {
        guard let key, !key.isEmpty else { throw .missingCredential }
        let credential = Credential(key)
        guard policy.accepts(key: credential), !Self.isToken(credential) else { throw .wrongCredential }
        return credential
    }

    private func granted(_ names: [String]?, default scope: AccessScope?) throws(ServiceRefusal) -> [AccessScope] {
        guard let names else { return scope.map { [$0] } ?? [] }
        guard !names.isEmpty else { throw .badRequest("scopes must name at least one scope.") }
        var scopes: [AccessScope] = []
        for name in names {
            guard let scope = AccessScope.requested(name) else {
                throw .badRequest("scopes: \"\(name.prefix(60))\" is no scope.")
            }
            guard policy.scopes.contains(scope) else { throw .scopeNotHeld(scope) }
            if !scopes.contains(scope) { scopes.append(scope) }
        }
        return scopes
    }

    private func keep(
        _ account: CredentialAccount, prefix: String, key: Credential
    ) throws(ServiceRefusal) -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = (0..<4).map { _ in
            let text = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        let token = prefix + digits.joined()
        let now = clock.now
        let isKept = tokens.withLock { tokens in
            // An hour after its end a token is no longer worth a word of its own.
            if tokens.count >= Self.capacity {
                tokens = tokens.filter { ($0.value.account.expiry ?? now) + .seconds(3600) > now }
            }
            guard tokens.count < Self.capacity else { return false }
            tokens[Credential(token)] = Token(account: account, key: key)
            return true
        }
        guard isKept else { throw .tooBusy }
        return token
    }

    private static func names(_ scopes: [AccessScope]) -> String {
        scopes.map(\.rawValue).joined(separator: " ")
    }

    // MARK: Sessions

    /// The account of a credential that was presented, if it may open a session at all.
    func account(of credential: Credential, origin: String?) throws(ServiceRefusal) -> CredentialAccount {
        guard Self.isToken(credential) else {
            guard policy.accepts(key: credential) else { throw .wrongCredential }
            return keyAccount
        }
        guard let account = tokens.withLock({ $0[credential]?.account }) else { throw .invalidToken }
        guard !account.isRevoked else { throw .revokedToken }
        if let expiry = account.expiry, clock.now >= expiry { throw .expiredToken }
        guard account.allows(origin: origin) else { throw .forbiddenOrigin }
        return account
    }

    private static func isToken(_ credential: Credential) -> Bool {
        let text = credential.reveal()
        return text.hasPrefix(accessTokenPrefix) || text.hasPrefix(clientTokenPrefix)
    }
}
