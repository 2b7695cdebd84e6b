import InterhumanCore
import InterhumanWire

/// Turns an HTTP response that is no 101 into an error.
enum HandshakeRefusal {
    static func error(_ response: HTTPResponse, endpoint: ServiceEndpoint) -> ConnectionError {
        let decoded = ServiceErrorDecoder().decode(response.body)
        return ConnectionError(
            code(response.status), operation: "open a WebSocket at \(endpoint)",
            message: message(response, said: decoded?.error),
            underlying: "HTTP \(response.status) \(response.reason)",
            correlationID: decoded?.correlationID ?? response.headers.firstValue(of: "X-Correlation-ID"),
            httpStatus: response.status,
            retryAfter: response.headers.firstValue(of: "Retry-After").flatMap {
                RetryAfter.duration($0, now: SystemClock().wallClockNanoseconds / 1_000_000_000)
            },
            serviceError: decoded?.error)
    }

    private static func code(_ status: Int) -> ConnectionError.Code {
        switch status {
        case 401, 403: .unauthorized
        case 200..<300: .notWebSocket
        case 300..<400: .redirected
        default: .refused
        }
    }

    private static func message(_ response: HTTPResponse, said error: ServiceError?) -> String {
        let said = error.map { " It says: \($0.message)" } ?? ""
        switch response.status {
        case 200..<300:
            return "The peer answered with an ordinary page instead of a WebSocket. Check the URL's host and path."
        case 300..<400:
            let target = response.headers.firstValue(of: "Location").map(withoutSecrets) ?? "somewhere unnamed"
            return "The peer points to \(target), which is not followed. If that is right, use it as the URL."
        case 401, 403:
            return "The service refused the credential. Check that it is right, still valid, and allowed to do this."
                + said
        case 404:
            return "The peer has no WebSocket at this path. Check the URL and the API version.\(said)"
        case 429:
            return "The service asks for fewer connections. Wait before another try.\(said)"
        case 500...:
            return "The service is in trouble. Try again later.\(said)"
        default:
            return "The service refused the request. Check the URL and the settings.\(said)"
        }
    }

    /// A URL without user, password and query, any of which may be secret.
    private static func withoutSecrets(_ url: String) -> String {
        let text = url.prefix { $0 != "?" && $0 != "#" }
        guard let at = text.lastIndex(of: "@") else { return String(text) }
        let scheme = text.prefix { $0 != "/" }
        return (scheme.isEmpty ? "" : "\(scheme)//") + text[text.index(after: at)...]
    }
}
