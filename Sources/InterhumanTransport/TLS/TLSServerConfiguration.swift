/// How a server secures its connections. TLS 1.2 is the least that is accepted.
public struct TLSServerConfiguration: Sendable {
    /// The server's certificate, the intermediate ones, and its key.
    public var identity: TLSIdentity
    /// When not empty, clients must show a certificate that one of these issued.
    public var clientAuthorities: [PEMSource]

    /// Creates a configuration.
    public init(identity: TLSIdentity, clientAuthorities: [PEMSource] = []) {
        self.identity = identity
        self.clientAuthorities = clientAuthorities
    }

    /// Creates a configuration from PEM files: the chain, leaf first, and the unencrypted private key.
    public init(certificateChainPath: String, privateKeyPath: String) {
        self.init(
            identity: TLSIdentity(
                certificateChain: .file(path: certificateChainPath), privateKey: .file(path: privateKeyPath)))
    }
}
