/// The hosts that `NO_PROXY` names, separated by commas or blanks: names with their subdomains (`example.com`,
/// `.example.com`), addresses, networks (`10.0.0.0/8`, `fd00::/8`), each with or without a port, or `*` for all.
struct NoProxyRules: Sendable {
    private struct Rule {
        /// Lower case, without leading dot, trailing dot and brackets; nil for all hosts.
        var host: String?
        var port: Int?
    }

    private let rules: [Rule]

    init(_ text: String) {
        rules = text.split(whereSeparator: { $0 == "," || $0.isWhitespace }).compactMap { Self.rule(String($0)) }
    }

    /// Whether a host is reached directly.
    func contains(host: String, port: Int) -> Bool {
        let host = Self.normalized(host)
        let address = IPAddress(host)
        return rules.contains { rule in
            guard rule.port == nil || rule.port == port else { return false }
            guard let named = rule.host else { return true }
            if let address {
                return IPNetwork(named)?.contains(address) == true
            }
            return host == named || host.hasSuffix("." + named)
        }
    }

    private static func rule(_ text: String) -> Rule? {
        guard text != "*" else { return Rule() }
        // A bare IPv6 address or network has colons of its own.
        if IPNetwork(text) != nil { return Rule(host: text.lowercased()) }
        var host = text[...]
        var port: Int?
        if let colon = text.lastIndex(of: ":"), let number = Int(text[text.index(after: colon)...]) {
            host = text[..<colon]
            port = number
        }
        if host.hasPrefix("*.") { host = host.dropFirst() }
        let name = normalized(String(host))
        return name.isEmpty ? nil : Rule(host: name, port: port)
    }

    private static func normalized(_ host: String) -> String {
        var host = host.lowercased()[...]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        if host.hasPrefix(".") { host = host.dropFirst() }
        if host.hasSuffix(".") { host = host.dropLast() }
        return String(host)
    }
}
