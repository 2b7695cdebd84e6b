/// How a client secures its connections. Certificates are verified, always; see ``Verification`` for the one exception.
///
/// TLS 1.2 is the least that is accepted. The machine's OpenSSL configuration applies (`openssl.cnf`, crypto policy).
public struct TLSConfiguration: Sendable {
    /// Whether the system's certificate authorities are trusted. `SSL_CERT_FILE` and `SSL_CERT_DIR` are honoured.
    public var usesSystemTrust: Bool
    /// Further certificates to trust: authorities, or single servers' own.
    public var trustedCertificates: [PEMSource]
    /// What of the peer's certificate is verified.
    public var verification: Verification
    /// When not empty, one key of the verified chain must be among these. Needs ``Verification/full``.
    public var pins: Set<PublicKeyPin>
    /// What this program shows when the peer asks for a certificate.
    public var identity: TLSIdentity?
    /// The name to ask for and to verify instead of the endpoint's host.
    public var serverName: String?

    /// What of the peer's certificate is verified.
    public enum Verification: Sendable, Hashable {
        /// Chain, validity, and host name or IP address.
        case full
        /// Nothing, for tests: a connection that does not end at a loopback address (127.0.0.0/8, ::1) fails.
        case noneOnLoopback
    }

    /// Creates a configuration; the default trusts what the system trusts.
    public init(
        usesSystemTrust: Bool = true, trustedCertificates: [PEMSource] = [], verification: Verification = .full,
        pins: Set<PublicKeyPin> = [], identity: TLSIdentity? = nil, serverName: String? = nil
    ) {
        self.usesSystemTrust = usesSystemTrust
        self.trustedCertificates = trustedCertificates
        self.verification = verification
        self.pins = pins
        self.identity = identity
        self.serverName = serverName
    }
}
