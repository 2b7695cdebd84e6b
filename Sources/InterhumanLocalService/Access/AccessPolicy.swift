public import InterhumanCore

/// Whom a ``LocalService`` lets in.
public struct AccessPolicy: Sendable {
    /// The only key accepted; nil accepts any, but one there must be.
    public var key: Credential?
    /// The only key id that `POST /v1/auth` accepts; nil accepts any.
    public var keyID: String?
    /// The secret that goes with it; nil accepts any.
    public var keySecret: Credential?
    /// What the key may be used for. Default: streams and uploads, what the vendor's SDK asks for.
    public var scopes: [AccessScope]
    /// Sessions that the key may have at a time; one more gets 429 and ih3002. Nil, the default, for any number.
    public var maximumSessions: Int?

    /// Creates a policy; the default lets everybody in who has a key, whatever it is.
    public init(
        key: Credential? = nil, keyID: String? = nil, keySecret: Credential? = nil,
        scopes: [AccessScope] = [.stream, .upload], maximumSessions: Int? = nil
    ) {
        self.key = key
        self.keyID = keyID
        self.keySecret = keySecret
        self.scopes = scopes
        self.maximumSessions = maximumSessions
    }

    func accepts(key presented: Credential) -> Bool {
        key.map { Self.areEqual(presented, $0) } ?? true
    }

    func accepts(keyID presented: String, secret: Credential) -> Bool {
        (keyID ?? presented) == presented && (keySecret.map { Self.areEqual(secret, $0) } ?? true)
    }

    /// Takes as long for a near miss as for a far one.
    private static func areEqual(_ one: Credential, _ other: Credential) -> Bool {
        let (one, other) = (Array(one.reveal().utf8), Array(other.reveal().utf8))
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
