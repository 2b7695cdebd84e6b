import InterhumanCore

/// Errors and endings as attributes of an entry, so that a replayed session decides as the recorded one did.
extension WireRecording.Entry {
    init(time: Duration, connection: Int, kind: WireRecording.Kind, _ error: ConnectionError) {
        self.init(
            time: time, connection: connection, kind: kind, payload: Array(error.message.utf8),
            attributes: Self.attributes(of: error))
    }

    init(time: Duration, connection: Int, _ ending: ConnectionEnding) {
        var attributes = ending.error.map(Self.attributes) ?? [:]
        attributes["close"] = "\(ending.closeCode)"
        attributes["initiator"] = ending.initiator.map { $0 == .local ? "local" : "remote" }
        self.init(
            time: time, connection: connection, kind: .ended,
            payload: Array((ending.error?.message ?? ending.reason).utf8), attributes: attributes)
    }

    private static func attributes(of error: ConnectionError) -> [String: String] {
        var attributes = ["error": error.code.rawValue]
        attributes["status"] = error.httpStatus.map { "\($0)" }
        attributes["retry-after"] = error.retryAfter.map { "\($0.nanoseconds)" }
        attributes["service-error"] = error.serviceError?.code.rawValue
        attributes["error-close"] = error.closeCode.map { "\($0)" }
        return attributes
    }

    private var text: String { String(decoding: payload, as: UTF8.self) }

    /// The error that the entry tells; nil where it tells none.
    var error: ConnectionError? {
        guard let code = attributes["error"] else { return nil }
        return ConnectionError(
            ConnectionError.Code(rawValue: code), operation: "replay a connection", message: text,
            httpStatus: attributes["status"].flatMap { Int($0) },
            retryAfter: attributes["retry-after"].flatMap { Int64($0) }.map { .nanoseconds($0) },
            serviceError: attributes["service-error"].map {
                ServiceError(code: ServiceErrorCode(rawValue: $0), message: text)
            },
            closeCode: attributes["error-close"].flatMap { UInt16($0) })
    }

    /// The ending that the entry tells.
    var ending: ConnectionEnding {
        let initiator: ConnectionEnding.Initiator? =
            switch attributes["initiator"] {
            case "local": .local
            case "remote": .remote
            default: nil
            }
        return ConnectionEnding(
            closeCode: attributes["close"].flatMap { UInt16($0) } ?? 1006, reason: error == nil ? text : "",
            initiator: initiator, error: error)
    }
}
