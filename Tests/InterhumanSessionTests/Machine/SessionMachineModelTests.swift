import InterhumanCore
import Testing

@testable import InterhumanSession

/// Random walks through the session's machine. A walk that breaks a rule is shrunk to the shortest that still does.
@Suite struct SessionMachineModelTests {
    /// What a walk does; those about connections find theirs when they are taken, so that a walk stays one when steps
    /// are left out of it.
    enum Step: Equatable, CaseIterable {
        case start, finish, cancel, pause, resume, captureStarted, segmentSent, segmentWaiting, linkUnsuitable
        case outboxOverflowed, mediaEnded, mediaFailed, mediaSent, released, deadline
        case opened, openingFailed, openingRefused, openingStopped, openingTooMany
        case carrierLost, carrierRefused, carrierStopped, drained, drainLost
    }

    /// A walk that breaks a rule, and the rule.
    private func violation(of walk: [Step], rule: (SessionStateMachine, [SessionAction]) -> String?) -> String? {
        var policy = ReconnectPolicy()
        policy.jitterSeed = 3
        var machine = SessionStateMachine(policy: policy)
        var now = SessionStateTable.start
        var record = WalkRecord()
        for step in walk {
            now = now + .milliseconds(700)
            let actions = take(step, &machine, &now)
            if let broken = record.note(actions, machine, now) ?? rule(machine, actions) { return broken }
        }
        return nil
    }

    private func take(_ step: Step, _ machine: inout SessionStateMachine, _ now: inout MediaTime) -> [SessionAction] {
        guard let input = input(for: step, machine, now) else { return [] }
        if case .deadline = input, let deadline = machine.deadline { now = max(now, deadline) }
        return machine.handle(input, at: now)
    }

    private func input(for step: Step, _ machine: SessionStateMachine, _ now: MediaTime) -> SessionInput? {
        let encode = SessionError.Cause.encode(EncodeError(.library, operation: "test", message: "No."))
        func failed(_ link: Int?, _ error: SessionError) -> SessionInput? {
            link.map { .linkEnded($0, .failed(error)) }
        }
        var terms = SessionStateTable.terms
        terms.since = now
        return switch step {
        case .start: .start
        case .finish: .finish
        case .cancel: .cancel
        case .pause: .pause
        case .resume: .resume
        case .captureStarted: .captureStarted
        case .segmentSent: machine.carrier == nil ? nil : .segmentSent
        case .segmentWaiting: .segmentWaiting
        case .linkUnsuitable: .linkUnsuitable
        case .outboxOverflowed: .outboxOverflowed
        case .mediaEnded: .mediaEnded
        case .mediaFailed: .mediaFailed(encode)
        case .mediaSent: .mediaSent
        case .released: machine.phase == .closing ? .released : nil
        case .deadline: .deadline
        case .opened: machine.opening.map { .linkOpened($0, terms) }
        case .openingFailed: failed(machine.opening, SessionStateTable.unreachable)
        case .openingRefused: failed(machine.opening, SessionStateTable.unauthorized)
        case .openingStopped: failed(machine.opening, SessionStateTable.quotaExhausted)
        case .openingTooMany: failed(machine.opening, SessionStateTable.tooManySessions)
        case .carrierLost: failed(machine.carrier, SessionStateTable.unreachable)
        case .carrierRefused: failed(machine.carrier, SessionStateTable.unauthorized)
        case .carrierStopped: failed(machine.carrier, SessionStateTable.quotaExhausted)
        case .drained:
            machine.draining.min().map { .linkEnded($0, .drained(.sessionEnded(reason: "client_shutdown"))) }
        case .drainLost: failed(machine.draining.max(), SessionStateTable.unreachable)
        }
    }

    /// Steps that a session usually takes come more often, or no walk would get far.
    private func walk(_ seed: UInt64) -> [Step] {
        var random = SplitMix64(seed: seed)
        let usual: [Step] = [.opened, .opened, .captureStarted, .deadline, .segmentSent, .drained, .carrierLost]
        let rare: Set<Step> = [.cancel, .outboxOverflowed, .openingStopped, .carrierStopped]
        var steps: [Step] = [.start, .opened, .captureStarted]
        for _ in 0..<80 {
            let step = (usual + Step.allCases).randomElement(using: &random) ?? .deadline
            if !rare.contains(step) || random.next() % 8 == 0 { steps.append(step) }
        }
        return steps
    }

    /// Leaves out ever smaller stretches of a walk for as long as it still breaks the rule.
    private func shrink(_ walk: [Step], while breaks: ([Step]) -> Bool) -> [Step] {
        var walk = walk
        var length = walk.count / 2
        while length > 0 {
            var start = 0
            while start < walk.count {
                var shorter = walk
                shorter.removeSubrange(start..<min(start + length, walk.count))
                if breaks(shorter) { walk = shorter } else { start += length }
            }
            length /= 2
        }
        return walk
    }

    @Test("20,000 walks keep every rule")
    func walks() {
        for seed in 0..<UInt64(20_000) {
            let walk = walk(seed)
            guard let broken = violation(of: walk, rule: { _, _ in nil }) else { continue }
            let shortest = shrink(walk) { violation(of: $0, rule: { _, _ in nil }) != nil }
            Issue.record("seed \(seed): \(broken), in short: \(shortest)")
            return
        }
    }

    @Test("a rule that is wrong is shrunk to the shortest walk that breaks it")
    func shrinks() throws {
        let neverPaused = { (machine: SessionStateMachine, _: [SessionAction]) in
            machine.phase == .paused && machine.line == .waiting ? "paused" : nil
        }
        let seed = try #require((0..<UInt64(1_000)).first { violation(of: walk($0), rule: neverPaused) != nil })
        let shortest = shrink(walk(seed)) { violation(of: $0, rule: neverPaused) != nil }
        #expect(Set(shortest) == [.start, .opened, .captureStarted, .carrierLost, .pause])
        #expect(shortest.count == 5)
    }

    @Test("the walks reach every phase with every line that the table has")
    func reach() {
        var reached: Set<String> = []
        for seed in 0..<UInt64(2_000) {
            _ = violation(of: walk(seed)) { machine, _ in
                reached.insert("\(machine.phase.rawValue), \(machine.line.rawValue)")
                return nil
            }
        }
        let missing = SessionStateTable.states.map(\.description).filter { $0 != "idle, off" && !reached.contains($0) }
        #expect(missing.isEmpty)
    }
}

/// What a walk has shown so far, and the rules.
private struct WalkRecord {
    private var releases = 0, ends = 0, starts = 0
    private var lastLink = 0
    /// Before what time no connection may be opened.
    private var held: MediaTime?

    /// Looks at what a step led to; gives the first rule that is broken.
    mutating func note(_ actions: [SessionAction], _ machine: SessionStateMachine, _ now: MediaTime) -> String? {
        defer { held = machine.notBefore }
        for action in actions {
            switch action {
            case .release: releases += 1
            case .end: ends += 1
            case .startMedia: starts += 1
            case .openLink(let link, let refreshing):
                guard link > lastLink else { return "connection \(link) again" }
                if !refreshing, let held, now < held { return "connection \(link) before its time" }
                if !refreshing, machine.allowsOneLink, machine.draining.count > 0 { return "\(link) beside another" }
                lastLink = link
            case .drain(let link):
                guard machine.draining.contains(link) else { return "\(link) is to drain but not noted" }
            default: break
            }
        }
        if releases > 1 || ends > 1 || starts > 1 { return "\(releases) releases, \(ends) ends, \(starts) starts" }
        if (machine.carrier != nil) != [.open, .overlapping].contains(machine.line) {
            return "carrier and line differ"
        }
        if (machine.opening != nil) != [.opening, .overlapping].contains(machine.line) {
            return "opening and line differ"
        }
        if machine.line == .waiting, machine.timers[.retry] == nil { return "waits for nothing" }
        if machine.line == .replacing, machine.draining.isEmpty { return "waits for no connection to end" }
        if let carrier = machine.carrier, machine.draining.contains(carrier) { return "\(carrier) drains and carries" }
        if machine.phase == .flushing, machine.timers[.maximumFlush] == nil { return "flushing without end" }
        if [.closing, .ended].contains(machine.phase), machine.deadline != nil {
            return "a deadline after the outcome"
        }
        if machine.phase == .draining, machine.draining.isEmpty { return "drains nothing" }
        return nil
    }
}
