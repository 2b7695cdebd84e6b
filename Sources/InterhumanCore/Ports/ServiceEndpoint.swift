/// Where the service is: scheme, host, port, path and query of the WebSocket's URL.
public struct ServiceEndpoint: Sendable, Hashable, CustomStringConvertible {
    /// Whether the connection is secured by TLS (`wss`).
    public var isSecure: Bool
    /// Host name or IP address, without brackets.
    public var host: String
    /// Port.
    public var port: Int
    /// Path, beginning with a slash, percent-encoded.
    public var path: String
    /// Query without the question mark, percent-encoded; empty for none.
    public var query: String

    /// The versions of the stream API.
    public enum Version: String, Sendable, Hashable, CaseIterable {
        /// `/v1/stream/analyze`, analysed by Inter-1.
        case v1
        /// `/v2/stream/analyze`, analysed by Inter-2.
        case v2

        /// Path of the endpoint.
        public var path: String { "/\(rawValue)/stream/analyze" }
    }

    /// The vendor's own service.
    public static let productionBaseURL = "wss://api.interhuman.ai"

    /// Creates an endpoint from a base URL and a version.
    ///
    /// - Parameters:
    ///   - baseURL: `wss`, `ws`, `https` or `http` with a host and optionally a port, path and query. Path and query
    ///     are kept; the version's path is appended to the path.
    ///   - version: Which API.
    ///   - model: The `model` parameter, on v2 only.
    /// - Throws: ``ConnectionError`` with `invalidSettings`.
    public init(
        baseURL: String = ServiceEndpoint.productionBaseURL, version: Version = .v1, model: AnalysisModel? = nil
    ) throws(ConnectionError) {
        try self.init(url: baseURL)
        path = path.hasSuffix("/") ? String(path.dropLast()) + version.path : path + version.path
        guard let model else { return }
        guard version == .v2 else {
            throw Self.invalid(baseURL, "A model can be chosen on v2 only. Select v2, or leave the model out.")
        }
        guard model != .inter2Deep else {
            throw Self.invalid(baseURL, "The model inter-2-deep is for uploads. Choose inter-2 or inter-2-audio.")
        }
        query += (query.isEmpty ? "" : "&") + "model=\(Self.percentEncoded(model.rawValue))"
    }

    /// The endpoint that the environment names: `INTERHUMAN_URL` as base URL, or else the vendor's own service.
    ///
    /// - Parameter version: Which API.
    /// - Throws: ``ConnectionError`` with `invalidSettings`.
    public static func fromEnvironment(version: Version = .v1) throws(ConnectionError) -> ServiceEndpoint {
        let url = Environment.value(of: "INTERHUMAN_URL") ?? ""
        return try ServiceEndpoint(baseURL: url.isEmpty ? productionBaseURL : url, version: version)
    }

    /// Creates an endpoint from the WebSocket's whole URL.
    ///
    /// - Throws: ``ConnectionError`` with `invalidSettings`.
    public init(url: String) throws(ConnectionError) {
        guard let schemeEnd = url.range(of: "://") else {
            throw Self.invalid(url, "It has no scheme. Write wss://HOST[:PORT].")
        }
        switch url[..<schemeEnd.lowerBound].lowercased() {
        case "wss", "https": isSecure = true
        case "ws", "http": isSecure = false
        default: throw Self.invalid(url, "Its scheme is none of wss, ws, https and http.")
        }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Self.invalid(url, "It has blanks or characters that need percent-encoding.")
        }
        let rest = url[schemeEnd.upperBound...].prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let target = rest[authority.endIndex...]
        guard !authority.contains("@") else {
            throw Self.invalid(url, "It has a user name or password in it. Give the key by its own setting.")
        }
        (host, port) = try Self.split(authority: authority, defaultPort: isSecure ? 443 : 80, url: url)
        let rawPath = target.prefix { $0 != "?" }
        path = rawPath.isEmpty ? "/" : String(rawPath)
        query = String(target[rawPath.endIndex...].dropFirst())
    }

    private static func split(
        authority: Substring, defaultPort: Int, url: String
    ) throws(ConnectionError) -> (host: String, port: Int) {
        var host = authority
        var portText = Substring()
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            host = authority[authority.index(after: authority.startIndex)..<end]
            portText = authority[authority.index(after: end)...]
            guard portText.isEmpty || portText.hasPrefix(":") else { throw invalid(url, "Its host is malformed.") }
            portText = portText.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            portText = authority[authority.index(after: colon)...]
        }
        guard !host.isEmpty, !host.contains("["), !portText.contains(":") else {
            throw invalid(url, "Its host is missing or malformed. An IPv6 address goes in brackets.")
        }
        guard !portText.isEmpty else { return (String(host), defaultPort) }
        guard let port = UInt16(portText), port > 0 else {
            throw invalid(url, "Its port is not a number from 1 to 65535.")
        }
        return (String(host), Int(port))
    }

    /// The query may hold what nobody should read, and so may all of a URL with a user name: whatever else is wrong with it.
    private static func invalid(_ url: String, _ advice: String) -> ConnectionError {
        ConnectionError(
            .invalidSettings, operation: "read the service's URL",
            message: "The URL \(url.contains("@") ? "(withheld)" : url.prefix { $0 != "?" }) can't be used. \(advice)")
    }

    private static func percentEncoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (hex.count == 1 ? "0" + hex : hex)
            }
        }
        return encoded
    }

    /// Path and query as the request line has them.
    public var target: String { query.isEmpty ? path : "\(path)?\(query)" }

    /// Host and, unless it is the scheme's own, port, as the `Host` header has them.
    public var authority: String {
        let bracketed = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? bracketed : "\(bracketed):\(port)"
    }

    /// The URL without its query, which may hold what nobody should read.
    public var description: String {
        "\(isSecure ? "wss" : "ws")://\(authority)\(path)"
    }
}

extension String {
    /// The first place where `text` occurs.
    fileprivate func range(of text: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) {
                return start..<index(start, offsetBy: text.count)
            }
            start = index(after: start)
        }
        return nil
    }
}
