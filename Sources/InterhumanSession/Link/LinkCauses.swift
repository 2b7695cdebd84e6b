import InterhumanCore

/// What is known of why a connection ends.
struct LinkCauses: Sendable {
    private var correlationID: String?
    /// The service's last error, unless it went on after it: the cause of what follows.
    private(set) var serviceError: ServiceError?
    private var sendFailure: ConnectionError?

    /// Remembers the service's errors for as long as they may explain an end.
    mutating func note(_ input: LinkInput) {
        switch input {
        case .connected(let id): correlationID = id
        case .serviceError(let error): serviceError = error
        case .ready, .otherMessage: serviceError = nil
        case .sendFailed(let error): sendFailure = sendFailure ?? error
        default: break
        }
    }

    /// Why a connection ended, best knowledge first: the service's word, the transport's, the failed send's, the close
    /// code.
    func explain(_ ending: ConnectionEnding) -> SessionError {
        if let serviceError { return endedByService(serviceError, closeCode: ending.closeCode) }
        if let error = ending.error { return SessionError(.connection(error)) }
        if let sendFailure, ending.closeCode == 1006 { return SessionError(.connection(sendFailure)) }
        return SessionError(.connection(lost(ending)))
    }

    /// Why sending failed, when the connection does not end by itself.
    func explainFailedSend() -> SessionError {
        if let serviceError { return endedByService(serviceError) }
        return SessionError(.connection(sendFailure ?? lost(ConnectionEnding(closeCode: 1006))))
    }

    /// The service's own word, or that there was none.
    func endedByService(
        _ error: ServiceError?, reason: String? = nil, closeCode: UInt16? = nil
    ) -> SessionError {
        let message =
            if let error {
                "The service ended the session with \(error.description.trimmingFullStop()). \(error.advice)"
            } else {
                "The service ended the session by itself\(reason.map { " (\($0))" } ?? ""). Start a new one."
            }
        return SessionError(
            .connection(
                ConnectionError(
                    .endedByService, operation: "stream", message: message, correlationID: correlationID,
                    serviceError: error, closeCode: closeCode)))
    }

    /// The network takes nothing although the connection is open.
    var stalled: ConnectionError {
        ConnectionError(
            .timedOut, operation: "stream",
            message: "The network took nothing for too long. Check the uplink, or lower the bit rate.",
            correlationID: correlationID)
    }

    static let slowProvider = CredentialError(
        .providerFailed, operation: "obtain a credential",
        message: "The credential provider did not answer in time. Check what it waits for.")

    static let slowConnect = ConnectionError(
        .timedOut, operation: "connect", message: "The connection did not open in time. Check the network.")

    private func lost(_ ending: ConnectionEnding) -> ConnectionError {
        let reason = ending.reason.isEmpty ? "" : " (\(ending.reason))"
        return ConnectionError(
            .connectionLost, operation: "stream",
            message: """
                The service closed the connection with code \(ending.closeCode)\(reason) before the session was over. \
                \(ending.advice)
                """,
            correlationID: correlationID, closeCode: ending.closeCode)
    }
}

extension ConnectionEnding {
    /// Whether the peer closed without a complaint.
    var isOrderly: Bool { error == nil && (closeCode == 1000 || closeCode == 1005) }

    /// What to do about a close code that came without an explanation.
    fileprivate var advice: String {
        switch closeCode {
        case 1008: "It refuses the request: check the settings and the credential."
        case 1009: "A message was too large for it: use shorter segments or a lower bitrate."
        case 1013: "It has no capacity for the model now: try again later."
        case 4003: "The credential lacks the right to do this: use another one."
        case 4029: "The quota is used up: see the account's page."
        default: "Try again in a moment."
        }
    }
}

extension ServiceError {
    /// What to do about an error that ended a session.
    fileprivate var advice: String {
        switch code {
        case .badConfiguration: return "Correct the session's configuration."
        case .messageTooLarge: return "Use shorter segments or a lower bit rate."
        default: break
        }
        return switch code.family {
        case .service: "Try again in a moment."
        case .credential: "Check the credential and what it may do."
        case .quota: "End other sessions, wait, or raise the account's limits."
        case .request: "Correct the request."
        case .media: "Check the source of the media and the encoder's settings."
        case .protocol: "Start a new session."
        case .other: "See the service's documentation of the code."
        }
    }
}

extension String {
    fileprivate func trimmingFullStop() -> Substring {
        hasSuffix(".") ? dropLast() : self[...]
    }
}
