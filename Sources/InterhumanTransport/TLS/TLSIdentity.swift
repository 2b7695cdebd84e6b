/// A certificate and the key that proves it.
public struct TLSIdentity: Sendable, CustomStringConvertible, CustomReflectable {
    /// The certificate, followed by the intermediate ones, in PEM.
    public var certificateChain: PEMSource
    /// The unencrypted private key, in PEM.
    public var privateKey: PEMSource

    /// Creates an identity.
    public init(certificateChain: PEMSource, privateKey: PEMSource) {
        self.certificateChain = certificateChain
        self.privateKey = privateKey
    }

    public var description: String { "certificate of \(certificateChain.name), key [redacted]" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
