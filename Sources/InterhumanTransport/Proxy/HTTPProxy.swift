public import InterhumanCore

/// An HTTP proxy that tunnels (`CONNECT`, RFC 9110 section 9.3.6).
public struct HTTPProxy: Sendable, CustomStringConvertible, CustomReflectable {
    /// Host name or IP address, without brackets.
    public var host: String
    /// Port.
    public var port: Int
    /// User name, where the proxy wants one (Basic authentication, RFC 7617).
    public var user: String?
    /// The password that goes with it.
    public var password: Credential?
    /// How the connection to the proxy itself is secured (`https` proxies); nil for plain TCP. The tunnel's own TLS
    /// does not depend on it.
    public var tls: TLSConfiguration?

    /// Creates a proxy.
    public init(
        host: String, port: Int, user: String? = nil, password: Credential? = nil, tls: TLSConfiguration? = nil
    ) {
        self.host = host
        self.port = port
        self.user = user
        self.password = password
        self.tls = tls
    }

    /// Reads `http://[USER:PASSWORD@]HOST[:PORT]` or `https://…`; without a scheme it is `http`. User name and password
    /// are percent-decoded. The port is 80 or 443 unless given.
    ///
    /// - Throws: `invalidSettings`; the message holds nothing of the URL but its host.
    public init(url: String) throws(ConnectionError) {
        let (scheme, rest) = Self.split(url)
        guard ["http", "https"].contains(scheme) else {
            throw Self.invalid("Its scheme is \(scheme); only http and https proxies can be used.")
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        var address = authority
        if let at = authority.lastIndex(of: "@") {
            let login = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = PercentEncoding.decode(login[0])
            password = Credential(login.count == 2 ? PercentEncoding.decode(login[1]) : "")
            address = authority[authority.index(after: at)...]
        }
        let endpoint: ServiceEndpoint
        do {
            endpoint = try ServiceEndpoint(url: "\(scheme)://\(address)")
        } catch {
            throw Self.invalid("Its host or port is missing or malformed.")
        }
        host = endpoint.host
        port = endpoint.port
        tls = endpoint.isSecure ? TLSConfiguration() : nil
    }

    private static func split(_ url: String) -> (scheme: String, rest: Substring) {
        var rest = url[...]
        let scheme = rest.prefix { $0 != ":" }
        rest = rest[scheme.endIndex...]
        guard rest.hasPrefix("://") else { return ("http", url[...]) }
        return (scheme.lowercased(), rest.dropFirst(3))
    }

    private static func invalid(_ advice: String) -> ConnectionError {
        ConnectionError(
            .invalidSettings, operation: "read the proxy's URL",
            message: "The proxy's URL can't be used. \(advice) Write http://HOST:PORT.")
    }

    /// Host and port as errors and logs have them; no credentials.
    public var description: String {
        "\(tls == nil ? "http" : "https")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    public var customMirror: Mirror { Mirror(self, children: ["host": host, "port": port]) }
}
