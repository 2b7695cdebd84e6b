/// Which service answered.
package struct ServiceIdentity: Sendable, Hashable, Codable {
    /// Its base URL, without query, user and password.
    package var url: String
    /// Version of the API.
    package var version: String

    /// Creates an identity.
    ///
    /// - Parameters:
    ///   - url: The base URL; what could hold a secret is left out.
    ///   - version: `v1` or `v2`.
    package init(url: String, version: String) {
        var url = PlainText.clean(String(url.prefix { $0 != "?" && $0 != "#" }), atMost: 300)
        if let scheme = url.firstRange(of: "://") {
            let rest = url[scheme.upperBound...]
            let authority = rest.prefix { $0 != "/" }
            if let at = authority.lastIndex(of: "@") {
                url = String(url[..<scheme.upperBound] + rest[rest.index(after: at)...])
            }
        }
        self.url = url
        self.version = PlainText.clean(version, atMost: 20)
    }

    /// What its findings are worth, in a sentence.
    package var account: String {
        if isOfThisMachine {
            return "The local service, a stand-in on this machine: simple measurements of motion and sound, "
                + "not Interhuman's models. They say nothing about people."
        }
        if host == "interhuman.ai" || host.hasSuffix(".interhuman.ai") { return "Interhuman's service." }
        return "A service at an address of its own; who runs it knows what its findings are worth."
    }

    /// Whether it was reached over the loopback interface.
    package var isOfThisMachine: Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]" || host.hasPrefix("127.")
    }

    private var host: Substring {
        guard let scheme = url.firstRange(of: "://") else { return "" }
        let authority = url[scheme.upperBound...].prefix { $0 != "/" }
        if authority.first == "[" {
            return authority.prefix { $0 != "]" } + "]"
        }
        return authority.prefix { $0 != ":" }
    }
}
