import InterhumanCore

/// Decides what a session does. Pure: it owns no clock, task or connection; what happened and when come in, what to
/// do goes out. What is not mentioned in a state is ignored there.
struct SessionStateMachine: Sendable {
    /// Where the session is.
    private(set) var state = SessionState.idle
    /// When to come back with ``SessionInput/deadline``; nil for never.
    private(set) var deadline: MediaTime?

    private let timing: SessionTiming
    private var correlationID: String?
    /// The first refusal, when the provider was asked for a fresh credential.
    private var refusal: ConnectionError?
    /// The service's last error, unless it went on after it: the cause of what follows.
    private var lastServiceError: ServiceError?
    /// What failed on our side while the session still finishes in order.
    private var mediaFailure: SessionError.Cause?
    private var sendFailure: ConnectionError?
    private var drainLimit: MediaTime?
    private var isDrainAnnounced = false
    private var completion = SessionSummary.Completion.cancelled

    init(timing: SessionTiming) {
        self.timing = timing
    }

    /// Takes what happened and gives what to do, in order.
    mutating func handle(_ input: SessionInput, at now: MediaTime) -> [SessionAction] {
        if case .deadline = input {
            guard let deadline, now >= deadline else { return [] }
        }
        if state != .closing, state != .ended {
            note(input)
            if case .cancel = input { return stop(.cancelled) }
        }
        switch state {
        case .idle, .authorizing, .connecting: return beforeConnection(input, now)
        case .awaitingReady, .configuring, .preparing: return beforeMedia(input, now)
        case .streaming: return streaming(input, now)
        case .flushing: return flushing(input, now)
        case .draining: return draining(input, now)
        case .breaking: return breaking(input)
        case .closing, .ended: return afterOutcome(input)
        }
    }

    /// Remembers the service's errors for as long as they may explain an end.
    private mutating func note(_ input: SessionInput) {
        switch input {
        case .connected(let id): correlationID = id
        case .serviceError(let error): lastServiceError = error
        case .ready, .otherMessage: lastServiceError = nil
        default: break
        }
    }

    // MARK: States

    private mutating func beforeConnection(_ input: SessionInput, _ now: MediaTime) -> [SessionAction] {
        switch (state, input) {
        case (.idle, .start):
            return enter(.authorizing, [.obtainCredential(refreshing: false)])
        case (_, .finish):
            return stop(.cancelled)
        case (.authorizing, .credential(let credential)):
            return enter(.connecting, [.connect(credential)])
        case (.authorizing, .credentialFailed(let error)):
            return stop(.failed(refused(error)))
        case (.connecting, .connected):
            return enter(.awaitingReady, until: now + timing.readinessGrace, [])
        case (.connecting, .connectFailed(let error)):
            guard error.code == .unauthorized, refusal == nil else { return fail(.connection(error)) }
            refusal = error
            return enter(.authorizing, [.obtainCredential(refreshing: true)])
        default:
            return []
        }
    }

    private mutating func beforeMedia(_ input: SessionInput, _ now: MediaTime) -> [SessionAction] {
        switch (state, input) {
        case (.awaitingReady, .ready):
            return enter(.configuring, [.sendConfiguration])
        case (.awaitingReady, .deadline):
            if let lastServiceError { return stop(.failed(endedByService(lastServiceError))) }
            return enter(.configuring, [.proceedUnannounced, .sendConfiguration])
        case (.configuring, .configurationSent):
            return enter(.preparing, [.startCapture])
        case (.preparing, .captureStarted):
            return enter(.streaming, [.startMedia, .reportStarted])
        case (.preparing, .captureFailed(let error)):
            return fail(.capture(error))
        case (_, .finish):
            return stop(.cancelled)
        default:
            return connectionTrouble(input, now)
        }
    }

    private mutating func streaming(_ input: SessionInput, _ now: MediaTime) -> [SessionAction] {
        switch input {
        case .finish:
            return enter(.flushing, until: now + timing.flushLimit, [.stopCapture])
        case .mediaEnded:
            return enter(.flushing, until: now + timing.flushLimit, [.stopCapture])
        case .mediaFailed(let cause):
            mediaFailure = cause
            return enter(.flushing, until: now + timing.flushLimit, [.stopCapture])
        default:
            return connectionTrouble(input, now)
        }
    }

    private mutating func flushing(_ input: SessionInput, _ now: MediaTime) -> [SessionAction] {
        switch input {
        case .segmentSent, .mediaEnded:
            deadline = now + timing.flushLimit
            return []
        case .mediaFailed(let cause):
            mediaFailure = mediaFailure ?? cause
            return []
        case .mediaSent:
            let limit = now + timing.maximumDrain
            drainLimit = limit
            return enter(.draining, until: min(limit, now + timing.quietPeriod), [.requestClose])
        case .deadline:
            return [.reportTimeout] + complete(.timedOut)
        default:
            return connectionTrouble(input, now)
        }
    }

    private mutating func draining(_ input: SessionInput, _ now: MediaTime) -> [SessionAction] {
        switch input {
        case .serviceClosing(let seconds):
            isDrainAnnounced = true
            // An hour is more than any drain; the bound also keeps absurd numbers off the arithmetic.
            let allowed = seconds.isFinite ? min(max(seconds, 0), 3_600) : 3_600
            deadline = now + .seconds(allowed) + timing.drainMargin
            return []
        case .serviceEnded(let reason):
            return complete(.sessionEnded(reason: reason))
        case .connectionEnded(let ending) where ending.isOrderly && lastServiceError == nil:
            return complete(.closedByService)
        case .otherMessage where !isDrainAnnounced, .ready where !isDrainAnnounced:
            deadline = min(drainLimit ?? now, now + timing.quietPeriod)
            return []
        case .deadline:
            let isQuiet = !isDrainAnnounced && now < drainLimit ?? now
            return isQuiet ? complete(.quiet) : [.reportTimeout] + complete(.timedOut)
        case .serviceError, .finish:
            return []
        default:
            return connectionTrouble(input, now)
        }
    }

    private mutating func breaking(_ input: SessionInput) -> [SessionAction] {
        switch input {
        case .connectionEnded(let ending):
            guard ending.error != nil || lastServiceError != nil || ending.closeCode != 1006 else {
                return fail(.connection(sendFailure ?? lost(ending)))
            }
            return stop(.failed(cause(of: ending)))
        case .serviceEnded, .deadline:
            if let lastServiceError { return stop(.failed(endedByService(lastServiceError))) }
            return fail(.connection(sendFailure ?? lost(ConnectionEnding(closeCode: 1006))))
        default:
            return []
        }
    }

    private mutating func afterOutcome(_ input: SessionInput) -> [SessionAction] {
        guard state == .closing, case .released = input else { return [] }
        return enter(.ended, [.end(completion)])
    }

    /// What ends a session from any state with a connection.
    private mutating func connectionTrouble(_ input: SessionInput, _ now: MediaTime) -> [SessionAction] {
        switch input {
        case .connectionEnded(let ending):
            return stop(.failed(cause(of: ending)))
        case .serviceEnded(let reason):
            return stop(.failed(endedByService(lastServiceError, reason: reason)))
        case .sendFailed(let error):
            sendFailure = error
            return enter(.breaking, until: now + timing.breakGrace, [.stopCapture])
        default:
            return []
        }
    }

    // MARK: Moves

    private mutating func enter(
        _ state: SessionState, until deadline: MediaTime? = nil, _ actions: [SessionAction]
    ) -> [SessionAction] {
        self.state = state
        self.deadline = deadline
        return actions
    }

    /// Ends in order, unless something failed on the way.
    private mutating func complete(_ completion: SessionSummary.Completion) -> [SessionAction] {
        if let mediaFailure { return fail(mediaFailure) }
        return stop(completion)
    }

    private mutating func fail(_ cause: SessionError.Cause) -> [SessionAction] {
        stop(.failed(SessionError(cause)))
    }

    private mutating func stop(_ completion: SessionSummary.Completion) -> [SessionAction] {
        self.completion = completion
        guard state != .idle else { return enter(.ended, [.end(completion)]) }
        return enter(.closing, [.release])
    }
}

// MARK: Causes

extension SessionStateMachine {
    /// Why a connection ended, best knowledge first: the service's word, the transport's, the close code.
    private func cause(of ending: ConnectionEnding) -> SessionError {
        if let lastServiceError { return endedByService(lastServiceError, closeCode: ending.closeCode) }
        if let error = ending.error { return SessionError(.connection(error)) }
        return SessionError(.connection(lost(ending)))
    }

    private func endedByService(
        _ error: ServiceError?, reason: String? = nil, closeCode: UInt16? = nil
    ) -> SessionError {
        let message =
            if let error {
                "The service ended the session with \(error.description.trimmingFullStop()). \(error.code.advice)"
            } else {
                "The service ended the session by itself\(reason.map { " (\($0))" } ?? ""). Start a new one."
            }
        return SessionError(
            .connection(
                ConnectionError(
                    .endedByService, operation: "stream", message: message, correlationID: correlationID,
                    serviceError: error, closeCode: closeCode)))
    }

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

    /// A provider that has nothing fresh explains the refusal; the refusal's details go along.
    private func refused(_ error: CredentialError) -> SessionError {
        var wrapped = SessionError(.credential(error))
        if let refusal {
            wrapped.underlying = [error.underlying, refusal.description].compactMap { $0 }.joined(separator: "; ")
            wrapped.correlationID = refusal.correlationID
        }
        return wrapped
    }
}

extension ConnectionEnding {
    /// Whether the peer closed without a complaint.
    fileprivate var isOrderly: Bool { error == nil && (closeCode == 1000 || closeCode == 1005) }

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

extension ServiceErrorCode {
    /// What to do about an error that ended a session.
    fileprivate var advice: String {
        switch family {
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
