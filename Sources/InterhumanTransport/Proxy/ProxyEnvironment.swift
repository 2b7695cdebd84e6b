import InterhumanCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Reads the proxy's variables as curl and Go do: the lower-case name goes before the upper-case one.
struct ProxyEnvironment: Sendable {
    /// Gives a variable's value.
    let value: @Sendable (String) -> String?

    /// The process's own environment.
    static let process = ProxyEnvironment { name in getenv(name).map { String(cString: $0) } }

    /// The proxy for an endpoint; nil to connect directly.
    ///
    /// - Throws: `invalidSettings` when a variable that applies can't be used, because going around a proxy that
    ///   somebody set would be wrong.
    func proxy(for endpoint: ServiceEndpoint) throws(ConnectionError) -> HTTPProxy? {
        guard !Self.isLocal(endpoint.host) else { return nil }
        let own = endpoint.isSecure ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
        guard let (name, url) = first(of: own + ["all_proxy", "ALL_PROXY"]) else { return nil }
        if let (_, exceptions) = first(of: ["no_proxy", "NO_PROXY"]),
            NoProxyRules(exceptions).contains(host: endpoint.host, port: endpoint.port)
        {
            return nil
        }
        do throws(ConnectionError) {
            return try HTTPProxy(url: url)
        } catch {
            var error = error
            error.operation = "read the proxy of the environment variable \(name)"
            throw error
        }
    }

    private func first(of names: [String]) -> (name: String, value: String)? {
        for name in names {
            if let value = value(name), !value.isEmpty { return (name, value) }
        }
        return nil
    }

    private static func isLocal(_ host: String) -> Bool {
        let host = host.lowercased()
        return host == "localhost" || host == "localhost." || IPAddress(host)?.isLoopback == true
    }
}
