import InterhumanCore

/// Decides what a session does: its life, which connection takes media, when to connect again. Pure: it owns no clock,
/// task or connection; what happened and when come in, what to do goes out. What is not mentioned is ignored.
struct SessionStateMachine: Sendable {
    /// How far the session is.
    var phase = SessionPhase.idle
    /// How media gets out.
    var line = SessionLine.off
    /// The connection that takes media.
    var carrier: Int?
    /// The connection that is being opened.
    var opening: Int?
    /// Connections that were asked to end and have not yet.
    var draining: Set<Int> = []
    /// What the machine waits for besides.
    var timers: [SessionTimer: MediaTime] = [:]

    let timing: SessionTiming
    let policy: ReconnectPolicy
    let rollover: RolloverPolicy
    let table: RecoveryTable
    var random: SplitMix64
    var nextLink = 1
    var terms: LinkTerms?
    var outage = OutageAccount()
    /// Whether the service allows one connection only.
    var allowsOneLink: Bool
    /// When the next connection may be tried; nil for at once.
    var notBefore: MediaTime?
    /// Whether the connection that takes media can't take what waits, and a fresh one is needed.
    var isCarrierSpent = false
    /// How the newest connection that took media ended; nil while one does.
    var lastEnding: LinkEnding?
    /// The connection that took media last.
    var lastCarrier: Int?
    /// What failed on our side while the session still finishes in order.
    var mediaFailure: SessionError.Cause?
    private var completion = SessionSummary.Completion.cancelled

    init(
        timing: SessionTiming = SessionTiming(), policy: ReconnectPolicy = ReconnectPolicy(),
        rollover: RolloverPolicy = RolloverPolicy()
    ) {
        self.timing = timing
        self.policy = policy
        self.rollover = rollover
        table = RecoveryTable(overrides: policy.recoveries)
        random = SplitMix64(seed: policy.jitterSeed ?? UInt64.random(in: .min ... .max))
        allowsOneLink = rollover.order == .drainFirst
    }

    /// When to come back with ``SessionInput/deadline``; nil for never.
    var deadline: MediaTime? { timers.values.min() }

    /// Takes what happened and gives what to do, in order.
    mutating func handle(_ input: SessionInput, at now: MediaTime) -> [SessionAction] {
        switch phase {
        case .ended: return []
        case .closing:
            guard case .released = input else { return [] }
            phase = .ended
            return [.end(completion)]
        default: break
        }
        switch input {
        case .start: return start(now)
        case .unusable(let error): return phase == .idle ? fail(error) : []
        case .cancel: return stop(.cancelled)
        case .finish: return finish(now)
        case .pause: return pause(now)
        case .resume: return resume(now)
        case .linkOpened(let link, let terms): return opened(link, terms, now)
        case .linkTerms(let link, let terms): return learned(terms, of: link, now)
        case .linkEnded(let link, let ending): return ended(link, ending, now)
        case .captureStarted, .captureFailed, .segmentSent, .segmentWaiting, .linkUnsuitable, .outboxOverflowed,
            .mediaEnded, .mediaFailed, .mediaSent:
            return media(input, now)
        case .deadline: return fire(now)
        case .released: return []
        }
    }

    // MARK: Life

    private mutating func start(_ now: MediaTime) -> [SessionAction] {
        guard phase == .idle else { return [] }
        phase = .starting
        return openLink(now)
    }

    private mutating func finish(_ now: MediaTime) -> [SessionAction] {
        switch phase {
        case .idle, .starting, .preparing: stop(.cancelled)
        case .streaming, .paused: flush(now)
        case .flushing, .draining, .closing, .ended: []
        }
    }

    private mutating func pause(_ now: MediaTime) -> [SessionAction] {
        guard phase == .streaming else { return [] }
        phase = .paused
        armIdle(now)
        return [.pauseMedia]
    }

    private mutating func resume(_ now: MediaTime) -> [SessionAction] {
        guard phase == .paused else { return [] }
        phase = .streaming
        timers[.idle] = nil
        return [.resumeMedia] + (line == .off ? openLink(now) : [])
    }

    private mutating func media(_ input: SessionInput, _ now: MediaTime) -> [SessionAction] {
        switch (phase, input) {
        case (.preparing, .captureStarted):
            phase = .streaming
            return [.startMedia, .reportStarted]
        case (.preparing, .captureFailed(let error)):
            return fail(SessionError(.capture(error)))
        case (.streaming, .mediaEnded), (.paused, .mediaEnded):
            return flush(now)
        case (.streaming, .mediaFailed(let cause)), (.paused, .mediaFailed(let cause)):
            mediaFailure = cause
            return flush(now)
        case (.flushing, .mediaEnded):
            timers[.flush] = now + timing.flushLimit
            return []
        case (.flushing, .mediaFailed(let cause)):
            mediaFailure = mediaFailure ?? cause
            return []
        case (.flushing, .mediaSent):
            return drainAll()
        case (.streaming, .segmentSent), (.paused, .segmentSent), (.flushing, .segmentSent):
            noteProgress(now)
            return []
        case (.streaming, .segmentWaiting), (.paused, .segmentWaiting), (.flushing, .segmentWaiting):
            return line == .off ? openLink(now) : []
        case (.streaming, .linkUnsuitable), (.paused, .linkUnsuitable), (.flushing, .linkUnsuitable):
            isCarrierSpent = carrier != nil
            return replaceSpentCarrier(now)
        case (.streaming, .outboxOverflowed), (.paused, .outboxOverflowed), (.flushing, .outboxOverflowed):
            return fail(.outboxFull)
        default:
            return []
        }
    }

    /// A fresh connection takes over, when it may be opened.
    mutating func replaceSpentCarrier(_ now: MediaTime) -> [SessionAction] {
        guard line == .open, isCarrierSpent else { return [] }
        return allowsOneLink ? replaceCarrier() : openLink(now)
    }

    // MARK: The end

    private mutating func flush(_ now: MediaTime) -> [SessionAction] {
        phase = .flushing
        timers[.rollover] = nil
        timers[.idle] = nil
        timers[.flush] = now + timing.flushLimit
        timers[.maximumFlush] = now + timing.maximumFlush
        guard line == .overlapping else { return [.stopCapture] }
        line = .open
        return [.stopCapture] + abandonOpening()
    }

    private mutating func drainAll() -> [SessionAction] {
        phase = .draining
        line = .off
        timers = [:]
        var actions = abandonOpening()
        if let carrier {
            self.carrier = nil
            draining.insert(carrier)
            actions.append(.drain(carrier))
        }
        return draining.isEmpty ? actions + concluded() : actions
    }

    /// Every connection has ended.
    mutating func concluded() -> [SessionAction] {
        switch lastEnding {
        case .drained(.timedOut): return [.reportTimeout] + complete(.timedOut)
        case .drained(let completion): return complete(completion)
        case .failed(let error):
            // What the service refuses for good may concern what was sent; a loss does not.
            if table.recovery(from: error) == .stop {
                return mediaFailure.map { fail(SessionError($0)) } ?? fail(error)
            }
            return [.reportDrainInterrupted(error)] + complete(.drainInterrupted(error))
        case nil: return complete(.cancelled)
        }
    }

    mutating func abandonOpening() -> [SessionAction] {
        defer { opening = nil }
        return opening.map { [.abandon($0)] } ?? []
    }

    /// Ends in order, unless something failed on the way.
    mutating func complete(_ completion: SessionSummary.Completion) -> [SessionAction] {
        if let mediaFailure { return fail(SessionError(mediaFailure)) }
        return stop(completion)
    }

    mutating func fail(_ error: SessionError) -> [SessionAction] {
        stop(.failed(error))
    }

    private mutating func stop(_ completion: SessionSummary.Completion) -> [SessionAction] {
        self.completion = completion
        timers = [:]
        line = .off
        (carrier, opening, draining) = (nil, nil, [])
        guard phase != .idle else {
            phase = .ended
            return [.end(completion)]
        }
        phase = .closing
        return [.release]
    }
}

/// What a session waits for.
enum SessionTimer: Int, CaseIterable, Sendable {
    /// The pause before the next attempt.
    case retry
    /// The outage lasts too long.
    case giveUp
    /// The connection has lasted long enough to be trusted.
    case healthy
    /// The service will soon end the connection.
    case rollover
    /// A successor that is needed may be tried again.
    case successor
    /// The service will soon miss media.
    case idle
    /// The network takes nothing while the session finishes.
    case flush
    /// Finishing lasts too long.
    case maximumFlush
}

extension SessionError {
    static let outboxFull = SessionError(
        .outboxFull, operation: "queue media",
        message: """
            The network is slower than the media, and the outbox is full. Lower the bit rate, give the outbox more \
            room, or let it drop the oldest media.
            """)
}
