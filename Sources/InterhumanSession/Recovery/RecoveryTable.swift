import InterhumanCore

/// What to do about each failure, as data. The most specific knowledge counts: the service's error code, then the HTTP
/// status, then the close code, then what the transport says. Documentation/Protocol.md has the meanings.
struct RecoveryTable: Sendable {
    /// By error code of the service. Unknown codes go by family.
    static let serviceErrors: [ServiceErrorCode: Recovery] = [
        .internalError: .retry(.normal),
        .tooBusy: .retry(.normal),
        .modelUnavailable: .retry(.slow),
        .invalidKey: .stop,
        .missingKey: .stop,
        .missingScope: .stop,
        .missingKeySecret: .stop,
        .tokenExpired: .refreshCredential,
        .tokenInvalid: .refreshCredential,
        .tokenRevoked: .refreshCredential,
        .concurrencyLimit: .retry(.normal),
        .quotaExhausted: .stop,
        .videoBudgetExhausted: .refreshCredential,
        .badModel: .stop,
        .noUsableVideo: .report,
        .unreadableSegment: .restartContainer,
        .malformedSegment: .restartContainer,
        .noAudioTrack: .report,
        .badConfiguration: .report,
        .messageTooLarge: .retry(.immediate),
        .idleTimeout: .retry(.immediate),
        .maximumDuration: .retry(.immediate),
    ]

    /// By kind of failure, for error codes that this version doesn't know.
    static let families: [ServiceErrorCode.Family: Recovery] = [
        .service: .retry(.normal),
        .credential: .stop,
        .quota: .retry(.slow),
        .request: .stop,
        .media: .restartContainer,
        .protocol: .retry(.normal),
        .other: .retry(.normal),
    ]

    /// By HTTP status of the handshake's answer; the first range that has it.
    static let httpStatuses: [(statuses: ClosedRange<Int>, recovery: Recovery)] = [
        (300...399, .stop),
        (401...401, .refreshCredential),
        (403...403, .refreshCredential),
        (408...408, .retry(.normal)),
        (425...425, .retry(.normal)),
        (429...429, .retry(.slow)),
        (400...499, .stop),
        (500...599, .retry(.normal)),
    ]

    /// By close code.
    static let closeCodes: [UInt16: Recovery] = [
        1000: .retry(.immediate),
        1001: .retry(.normal),
        1005: .retry(.immediate),
        1006: .retry(.normal),
        1008: .stop,
        1009: .retry(.immediate),
        1011: .retry(.normal),
        1012: .retry(.normal),
        1013: .retry(.slow),
        4003: .stop,
        4029: .stop,
    ]

    /// By what the transport says. Everything else is worth another try.
    static let connectionErrors: [ConnectionError.Code: Recovery] = [
        .nameNotResolved: .retry(.normal),
        .unreachable: .retry(.normal),
        .timedOut: .retry(.normal),
        .connectionLost: .retry(.normal),
        .closed: .retry(.normal),
        .endedByService: .retry(.normal),
        .tls: .retry(.normal),
        .proxy: .retry(.normal),
        .protocolViolation: .retry(.normal),
        .limitExceeded: .retry(.normal),
        .system: .retry(.normal),
        // A captive portal answers like this until somebody has logged in.
        .notWebSocket: .retry(.slow),
        .unauthorized: .refreshCredential,
        .certificateRejected: .stop,
        .proxyUnauthorized: .stop,
        .redirected: .stop,
        .refused: .stop,
        .invalidSettings: .stop,
        .cancelled: .stop,
    ]

    /// Rules of the user's, which come before the table's.
    var overrides: [ServiceErrorCode: Recovery] = [:]

    /// What to do about an error envelope.
    func recovery(from code: ServiceErrorCode) -> Recovery {
        overrides[code] ?? Self.serviceErrors[code] ?? Self.families[code.family] ?? .retry(.normal)
    }

    /// What to do about a connection that failed or could not be made.
    func recovery(from error: ConnectionError) -> Recovery {
        if let code = error.serviceError?.code {
            // In the handshake whatever the service says of the credential may be about one that has expired meanwhile.
            let isRefusal = error.code == .unauthorized || error.httpStatus == 401 || error.httpStatus == 403
            if isRefusal, overrides[code] == nil { return .refreshCredential }
            return recovery(from: code)
        }
        if let status = error.httpStatus,
            let row = Self.httpStatuses.first(where: { $0.statuses.contains(status) })
        {
            return row.recovery
        }
        if let code = error.closeCode, let recovery = Self.closeCodes[code] { return recovery }
        return Self.connectionErrors[error.code] ?? .retry(.normal)
    }

    /// What to do about the end of a connection or of an attempt.
    func recovery(from error: SessionError) -> Recovery {
        switch error.cause {
        case .connection(let error): recovery(from: error)
        // The provider may need the same network that is down.
        case .credential(let error): error.code == .providerFailed ? .retry(.normal) : .stop
        case .capture, .encode, nil: .stop
        }
    }
}

extension SessionError {
    /// How long the service asks to wait.
    var retryAfter: Duration? {
        if case .connection(let error) = cause { error.retryAfter } else { nil }
    }

    /// Whether the service says that too many sessions of the credential are open.
    var isConcurrencyLimit: Bool {
        if case .connection(let error) = cause { error.serviceError?.code == .concurrencyLimit } else { false }
    }
}

extension ServiceErrorCode {
    /// The credential came without its secret part.
    static let missingKeySecret = ServiceErrorCode(rawValue: "ih2005")
}
