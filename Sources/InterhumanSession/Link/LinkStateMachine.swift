import InterhumanCore

/// Decides what one connection does, from asking for a credential to its end. Pure: it owns no clock, task or socket;
/// what happened and when come in, what to do goes out. What is not mentioned in a state is ignored there.
struct LinkStateMachine: Sendable {
    /// Where the connection is.
    private(set) var state = LinkState.idle
    /// When to come back with ``LinkInput/deadline``; nil for never.
    private(set) var deadline: MediaTime?

    private let timing: SessionTiming
    private var causes = LinkCauses()
    private var drainLimit: MediaTime?
    private var isDrainAnnounced = false

    init(timing: SessionTiming) {
        self.timing = timing
    }

    /// Takes what happened and gives what to do, in order.
    mutating func handle(_ input: LinkInput, at now: MediaTime) -> [LinkAction] {
        if case .deadline = input {
            guard let deadline, now >= deadline else { return [] }
        }
        if state != .closing, state != .closed {
            causes.note(input)
            if case .abandon = input { return abandon() }
        }
        switch state {
        case .idle, .authorizing, .connecting: return beforeConnection(input, now)
        case .awaitingReady, .configuring: return beforeMedia(input, now)
        case .open: return open(input, now)
        case .draining: return draining(input, now)
        case .breaking: return breaking(input)
        case .closing, .closed: return afterOutcome(input)
        }
    }

    // MARK: States

    private mutating func beforeConnection(_ input: LinkInput, _ now: MediaTime) -> [LinkAction] {
        switch (state, input) {
        case (.idle, .begin(let refreshing)):
            return enter(
                .authorizing, until: now + timing.connectLimit, [.obtainCredential(refreshing: refreshing)])
        case (.authorizing, .credential(let credential)):
            return enter(.connecting, until: now + timing.connectLimit, [.connect(credential)])
        case (.authorizing, .credentialFailed(let error)):
            return end(.failed(SessionError(.credential(error))))
        case (.authorizing, .deadline):
            return end(.failed(SessionError(.credential(LinkCauses.slowProvider))))
        case (.connecting, .connected):
            return enter(.awaitingReady, until: now + timing.readinessGrace, [])
        case (.connecting, .connectFailed(let error)):
            return end(.failed(SessionError(.connection(error))))
        case (.connecting, .deadline):
            return end(.failed(SessionError(.connection(LinkCauses.slowConnect))))
        default:
            return []
        }
    }

    private mutating func beforeMedia(_ input: LinkInput, _ now: MediaTime) -> [LinkAction] {
        switch (state, input) {
        case (.awaitingReady, .ready):
            return enter(.configuring, until: now + timing.stallLimit, [.sendConfiguration])
        case (.awaitingReady, .deadline):
            if let error = causes.serviceError { return end(.failed(causes.endedByService(error))) }
            return enter(.configuring, until: now + timing.stallLimit, [.proceedUnannounced, .sendConfiguration])
        case (.configuring, .configurationSent):
            return enter(.open, [.reportOpen])
        case (.configuring, .deadline):
            return end(.failed(SessionError(.connection(causes.stalled))))
        default:
            return trouble(input, now)
        }
    }

    private mutating func open(_ input: LinkInput, _ now: MediaTime) -> [LinkAction] {
        switch input {
        case .sendBegan:
            deadline = now + timing.stallLimit
            return []
        case .sendEnded:
            deadline = nil
            return []
        case .deadline:
            return end(.failed(SessionError(.connection(causes.stalled))))
        case .drain:
            let limit = now + timing.maximumDrain
            drainLimit = limit
            return enter(.draining, until: min(limit, now + timing.quietPeriod), [.requestClose])
        default:
            return trouble(input, now)
        }
    }

    private mutating func draining(_ input: LinkInput, _ now: MediaTime) -> [LinkAction] {
        switch input {
        case .serviceClosing(let seconds) where !isDrainAnnounced:
            isDrainAnnounced = true
            // An hour is more than any drain; the bound also keeps absurd numbers off the arithmetic.
            let allowed = seconds.isFinite ? min(max(seconds, 0), 3_600) : 3_600
            deadline = now + .seconds(allowed) + timing.drainMargin
            return []
        case .serviceEnded(let reason):
            return end(.drained(.sessionEnded(reason: reason)))
        case .connectionEnded(let ending) where ending.isOrderly && causes.serviceError == nil:
            return end(.drained(.closedByService))
        case .otherMessage where !isDrainAnnounced, .ready where !isDrainAnnounced:
            deadline = min(drainLimit ?? now, now + timing.quietPeriod)
            return []
        case .deadline:
            let isQuiet = !isDrainAnnounced && now < drainLimit ?? now
            return end(.drained(isQuiet ? .quiet : .timedOut))
        case .serviceError, .serviceClosing:
            return []
        default:
            return trouble(input, now)
        }
    }

    private mutating func breaking(_ input: LinkInput) -> [LinkAction] {
        switch input {
        case .connectionEnded(let ending): end(.failed(causes.explain(ending)))
        case .serviceEnded, .deadline: end(.failed(causes.explainFailedSend()))
        default: []
        }
    }

    private mutating func afterOutcome(_ input: LinkInput) -> [LinkAction] {
        guard state == .closing, case .released = input else { return [] }
        return enter(.closed, [])
    }

    /// What ends a connection from any state in which it is open.
    private mutating func trouble(_ input: LinkInput, _ now: MediaTime) -> [LinkAction] {
        switch input {
        case .connectionEnded(let ending): end(.failed(causes.explain(ending)))
        case .serviceEnded(let reason): end(.failed(causes.endedByService(causes.serviceError, reason: reason)))
        case .sendFailed: enter(.breaking, until: now + timing.breakGrace, [])
        default: []
        }
    }

    // MARK: Moves

    private mutating func enter(
        _ state: LinkState, until deadline: MediaTime? = nil, _ actions: [LinkAction]
    ) -> [LinkAction] {
        self.state = state
        self.deadline = deadline
        return actions
    }

    private mutating func end(_ ending: LinkEnding) -> [LinkAction] {
        enter(.closing, [.release, .reportEnded(ending)])
    }

    private mutating func abandon() -> [LinkAction] {
        state == .idle ? enter(.closed, []) : enter(.closing, [.release])
    }
}
