import InterhumanCore

/// How the service refuses a session for a code.
enum RefusalForm: Sendable, Hashable {
    /// Instead of the handshake.
    case status(Int)
    /// After it, by an `error` and this close code.
    case closeCode(UInt16)

    init(_ code: ServiceErrorCode) {
        self =
            switch code {
            case .internalError: .status(500)
            case .tooBusy: .status(503)
            case .modelUnavailable: .closeCode(1013)
            case .missingScope: .closeCode(4003)
            case .concurrencyLimit: .status(429)
            case .quotaExhausted, .videoBudgetExhausted: .closeCode(4029)
            default: code.family == .credential ? .status(401) : .closeCode(1008)
            }
    }
}

extension ServiceError {
    /// An error that the service was asked for.
    static func requested(_ code: ServiceErrorCode) -> ServiceError {
        ServiceError(
            code: code, message: "The local service was asked to report this.", link: ServiceLinks.documentation)
    }
}
