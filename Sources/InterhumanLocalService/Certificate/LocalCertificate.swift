import Glibc
public import InterhumanCore

/// A certificate for a service on this machine, with an authority of its own, as PEM files in a directory.
///
/// The authority's key signs one certificate and is then forgotten: whoever trusts the authority trusts nothing but
/// this service. Its name constraints allow the service's own hosts only. Both expire after 90 days and are made anew
/// when less than a week is left or the hosts change.
public struct LocalCertificate: Sendable, Hashable {
    /// Path of the authority's certificate, which clients are told to trust.
    public let authorityPath: String
    /// Path of the service's certificate, followed by the authority's.
    public let chainPath: String
    /// Path of the service's private key, readable by its owner only.
    public let keyPath: String

    /// Hosts that every local certificate is valid for.
    public static let loopbackHosts = ["localhost", "127.0.0.1", "::1"]

    /// Uses the certificate in a directory, or makes one there.
    ///
    /// Safe against other processes doing the same at the same time.
    ///
    /// - Parameters:
    ///   - directory: Made, with access for its owner only, when it doesn't exist.
    ///   - additionalHosts: Names and IP addresses to be valid for besides ``loopbackHosts``.
    /// - Throws: `ConnectionError` with `system` when files can't be read or written, `tls` when OpenSSL fails.
    public static func loadOrCreate(
        in directory: String, additionalHosts: [String] = []
    ) throws(ConnectionError) -> LocalCertificate {
        let files = try PrivateDirectory(path: directory)
        let lock = try files.lock()
        defer { lock.release() }

        let certificate = LocalCertificate(
            authorityPath: files.path(of: "ca.pem"), chainPath: files.path(of: "server.pem"),
            keyPath: files.path(of: "server.key"))
        let hosts = loopbackHosts + additionalHosts.filter { !loopbackHosts.contains($0) }
        let record = hosts.joined(separator: "\n") + "\n"
        if files.contents(of: "hosts") == record,
            let chain = files.contents(of: "server.pem"), files.contents(of: "server.key") != nil,
            files.contents(of: "ca.pem") != nil, CertificateMaker.isFresh(pem: chain)
        {
            return certificate
        }
        let made = try CertificateMaker.make(hosts: hosts)
        // The host list is written last: without it, whatever an interruption left is made anew.
        try files.remove("hosts")
        try files.write(made.authority, to: "ca.pem", mode: 0o644)
        try files.write(made.key, to: "server.key", mode: 0o600)
        try files.write(made.chain, to: "server.pem", mode: 0o644)
        try files.write(record, to: "hosts", mode: 0o644)
        return certificate
    }
}
