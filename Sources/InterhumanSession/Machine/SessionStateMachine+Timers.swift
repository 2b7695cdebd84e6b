import InterhumanCore

extension SessionStateMachine {
    /// Does what is due.
    mutating func fire(_ now: MediaTime) -> [SessionAction] {
        var actions: [SessionAction] = []
        for timer in SessionTimer.allCases {
            guard let time = timers[timer], now >= time else { continue }
            timers[timer] = nil
            actions += fire(timer, now)
        }
        return actions
    }

    private mutating func fire(_ timer: SessionTimer, _ now: MediaTime) -> [SessionAction] {
        switch timer {
        case .retry:
            return line == .waiting ? openLink(now) : []
        case .giveUp:
            return carrier == nil ? fail(outage.givenUp) : []
        case .healthy:
            outage.forgive()
            return []
        case .rollover:
            guard line == .open else { return [] }
            return allowsOneLink || phase == .paused ? replaceCarrier() : openLink(now)
        case .successor:
            return replaceSpentCarrier(now)
        case .idle:
            return line == .open && phase == .paused ? replaceCarrier() : []
        case .flush, .maximumFlush:
            if line != .open, case .failed(let error) = lastEnding { return fail(error) }
            return [.reportTimeout] + complete(.timedOut)
        }
    }

    /// Connections that the service ends sooner than this are not worth a successor in time.
    static let shortestLife = Duration.seconds(2)

    /// The successor is due some time before the service ends the connection.
    mutating func armRollover(_ now: MediaTime) {
        timers[.rollover] = nil
        guard phase != .flushing, let terms, let limit = terms.maximumDuration, limit >= Self.shortestLife else {
            return
        }
        let lead = min(max(.zero, rollover.lead), limit * 2 / 5)
        timers[.rollover] = max(now, terms.since + limit - lead)
    }

    /// While paused the connection is ended in order before the service misses media.
    mutating func armIdle(_ now: MediaTime) {
        guard phase == .paused, line == .open, let limit = terms?.idleTimeout else { return }
        timers[.idle] = now + limit * 4 / 5
    }

    /// The budget runs while no connection takes media. A policy without one still lets a fresh credential be tried.
    mutating func armGiveUp(_ now: MediaTime) {
        guard let budget = policy.outageBudget, budget > .zero, timers[.giveUp] == nil else { return }
        timers[.giveUp] = outage.began.map { $0 + max(.zero, budget - outage.spent) } ?? now + budget
    }
}
