import InterhumanCore

extension SessionStateMachine {
    /// Opens a connection, or sees to it that one is opened as soon as that may be: not before the pause that the last
    /// refusal asked for is over, and where only one connection is allowed not before the old one has ended. A fresh
    /// credential waits for nothing.
    mutating func openLink(_ now: MediaTime, refreshing: Bool = false) -> [SessionAction] {
        if !refreshing, let notBefore, now < notBefore {
            guard carrier == nil else {
                timers[.successor] = notBefore
                return []
            }
            line = .waiting
            timers[.retry] = notBefore
            return []
        }
        if !refreshing, allowsOneLink, carrier == nil, !draining.isEmpty {
            line = .replacing
            return []
        }
        notBefore = nil
        let link = nextLink
        nextLink += 1
        opening = link
        line = carrier == nil ? .opening : .overlapping
        return [.openLink(link, refreshing: refreshing)]
    }

    /// A connection may take media.
    mutating func opened(_ link: Int, _ terms: LinkTerms, _ now: MediaTime) -> [SessionAction] {
        guard link == opening else { return [] }
        let old = carrier
        opening = nil
        carrier = link
        lastCarrier = link
        self.terms = terms
        line = .open
        // How an earlier connection ended explains nothing any more.
        lastEnding = nil
        notBefore = nil
        isCarrierSpent = false
        for timer in [SessionTimer.retry, .giveUp, .successor] { timers[timer] = nil }
        timers[.healthy] = now + policy.healthyAfter
        armRollover(now)
        armIdle(now)
        let reconnected = outage.end(now).map { [SessionAction.reportReconnected($0)] } ?? []
        if phase == .starting {
            phase = .preparing
            return reconnected + [.startCapture]
        }
        guard let old else { return reconnected }
        draining.insert(old)
        return [.drain(old), .reportRolledOver(from: old, to: link)]
    }

    /// The service said late what it allows the connection that takes media.
    mutating func learned(_ terms: LinkTerms, of link: Int, _ now: MediaTime) -> [SessionAction] {
        guard link == carrier else { return [] }
        self.terms = terms
        armRollover(now)
        armIdle(now)
        return []
    }

    /// A connection is over.
    mutating func ended(_ link: Int, _ ending: LinkEnding, _ now: MediaTime) -> [SessionAction] {
        if link == lastCarrier { lastEnding = ending }
        if draining.remove(link) != nil {
            guard draining.isEmpty else { return [] }
            if phase == .draining { return concluded() }
            guard line == .replacing else { return [] }
            line = .off
            return phase == .streaming || phase == .preparing ? openLink(now) : []
        }
        guard case .failed(let error) = ending else { return [] }
        switch link {
        case carrier: return lostCarrier(error, now)
        case opening: return lostSuccessor(error, now)
        default: return []
        }
    }

    private mutating func lostCarrier(_ error: SessionError, _ now: MediaTime) -> [SessionAction] {
        carrier = nil
        for timer in [SessionTimer.healthy, .rollover, .successor, .idle] { timers[timer] = nil }
        let recovery = table.recovery(from: error)
        guard recovery != .stop, mayReconnect(after: recovery) else { return fail(error) }
        if phase == .paused, opening == nil {
            // Nobody needs a connection now; the next one is opened when there is something to send, in its time.
            line = .off
            if recovery != .refreshCredential { hold(for: delay(recovery, error), now) }
            return []
        }
        outage.begin(now)
        if opening != nil {
            // The successor is on its way already.
            line = .opening
            armGiveUp(now)
            return [.reportReconnecting(outage.nextAttempt(after: .zero, because: error))]
        }
        return reconnect(recovery, error, now)
    }

    private mutating func lostSuccessor(_ error: SessionError, _ now: MediaTime) -> [SessionAction] {
        opening = nil
        let recovery = table.recovery(from: error)
        guard carrier != nil else {
            guard recovery != .stop, mayReconnect(after: recovery) else { return fail(outage.explained(error)) }
            outage.begin(now)
            return reconnect(recovery, error, now)
        }
        line = .open
        // The old one can't take what waits: nothing is gained by keeping it.
        if isCarrierSpent, recovery == .stop { return fail(error) }
        if error.isConcurrencyLimit, rollover.order == .automatic {
            allowsOneLink = true
            return replaceCarrier()
        }
        if recovery == .refreshCredential, outage.refresh(because: error) {
            return openLink(now, refreshing: true)
        }
        if recovery != .refreshCredential { outage.forgetRefusal() } else if isCarrierSpent { return fail(error) }
        // The old one still works; what ends it will say what to do.
        hold(for: delay(recovery, error), now)
        if phase != .flushing { timers[.rollover] = notBefore }
        return [.reportRolloverDelayed(error)]
    }

    private mutating func reconnect(
        _ recovery: Recovery, _ error: SessionError, _ now: MediaTime
    ) -> [SessionAction] {
        if recovery == .refreshCredential {
            guard outage.refresh(because: error) else { return fail(error) }
            armGiveUp(now)
            return [.reportReconnecting(outage.nextAttempt(after: .zero, because: error))]
                + openLink(now, refreshing: true)
        }
        outage.forgetRefusal()
        if let budget = policy.outageBudget, budget <= .zero { return fail(error) }
        armGiveUp(now)
        hold(for: delay(recovery, error), now)
        let delay = notBefore.map { $0 - now } ?? .zero
        return [.reportReconnecting(outage.nextAttempt(after: delay, because: error))] + openLink(now)
    }

    /// No connection is tried again so soon. What an earlier refusal asked for still holds.
    private mutating func hold(for delay: Duration, _ now: MediaTime) {
        notBefore = max(notBefore ?? now, now + delay)
    }

    /// Before `start()` has succeeded only a refused credential is worth another try, unless the user wants more.
    private func mayReconnect(after recovery: Recovery) -> Bool {
        switch phase {
        case .starting, .preparing: policy.appliesToStart || recovery == .refreshCredential
        default: true
        }
    }

    private mutating func delay(_ recovery: Recovery, _ error: SessionError) -> Duration {
        let pace: RetryPace = if case .retry(let pace) = recovery { pace } else { .normal }
        let (failures, carriedMedia) = outage.countFailure()
        return policy.delay(
            pace: pace, failures: failures, carriedMedia: carriedMedia, retryAfter: error.retryAfter, using: &random)
    }

    /// Drains the old connection before its successor is opened.
    mutating func replaceCarrier() -> [SessionAction] {
        guard let carrier else { return [] }
        self.carrier = nil
        draining.insert(carrier)
        line = phase == .paused ? .off : .replacing
        for timer in [SessionTimer.healthy, .rollover, .successor, .idle] { timers[timer] = nil }
        return [.drain(carrier)]
    }

    /// The network took a segment.
    mutating func noteProgress(_ now: MediaTime) {
        outage.noteProgress()
        if phase == .flushing { timers[.flush] = now + timing.flushLimit }
        armIdle(now)
    }
}
