import InterhumanCore

/// Follows the signals from window to window: at most one of a type is active.
struct SignalTracker {
    private struct Active {
        /// In session seconds.
        var start: Double
        var ruleName: String
        var probability: SignalProbability
    }

    private let rules: [SignalRule]
    private var active: [SignalType: Active] = [:]
    /// The signals in the order of their first rule, so that messages come in the same order each time.
    private let order: [SignalType]

    init(rules: [SignalRule] = SignalRule.standard) {
        self.rules = rules
        order = rules.map(\.signal).reduce(into: []) { order, signal in
            if !order.contains(signal) { order.append(signal) }
        }
    }

    /// Applies the rules to a window.
    ///
    /// - Parameters:
    ///   - stretchStart: Where the part of the window begins that no window before it had, in session seconds: what
    ///     begins with this window began there, and what it no longer shows ended there.
    ///   - signals: The signals to look for; nil for all. The same for a whole session.
    mutating func update(
        with window: WindowFeatures, stretchStart: Double, signals: Set<SignalType>? = nil
    ) -> [ServerMessage.Body] {
        order.filter { signals?.contains($0) ?? true }.compactMap { signal in
            let candidates = rules.filter { $0.signal == signal }.map { (rule: $0, strength: $0.strength(in: window)) }
            // The first of equals, so that the outcome does not depend on how `max` breaks ties.
            guard var leader = candidates.first else { return nil }
            for candidate in candidates where candidate.strength > leader.strength { leader = candidate }
            return change(of: signal, rule: leader.rule, strength: leader.strength, window: window, at: stretchStart)
        }
    }

    private mutating func change(
        of signal: SignalType, rule: SignalRule, strength: Double, window: WindowFeatures, at stretchStart: Double
    ) -> ServerMessage.Body? {
        let probability = SignalRule.probability(of: strength)
        let start = active[signal]?.start ?? stretchStart
        let observation = SignalObservation(
            type: signal, start: start, probability: probability, rationale: rule.rationale(for: window),
            modality: rule.modality)
        guard let known = active[signal] else {
            guard strength >= SignalRule.onset else { return nil }
            active[signal] = Active(start: start, ruleName: rule.name, probability: probability)
            return .signalDetected([observation])
        }
        guard strength >= SignalRule.release else {
            active[signal] = nil
            return .signalEnded(SignalEnd(type: signal, end: stretchStart))
        }
        guard known.probability != probability || known.ruleName != rule.name else { return nil }
        active[signal] = Active(start: start, ruleName: rule.name, probability: probability)
        return .signalUpdated(observation)
    }

    /// The active signals as they show in a window, told for the time from `start` to `end` (seconds).
    func observations(in window: WindowFeatures, from start: Double, to end: Double) -> [SignalObservation] {
        order.compactMap { signal in
            guard let active = active[signal],
                let rule = rules.first(where: { $0.signal == signal && $0.name == active.ruleName })
            else { return nil }
            return SignalObservation(
                type: signal, start: start, end: end, probability: active.probability,
                rationale: rule.rationale(for: window), modality: rule.modality)
        }
    }

    /// Ends every active signal at `time` (session seconds).
    mutating func endAll(at time: Double) -> [ServerMessage.Body] {
        defer { active.removeAll() }
        return order.filter { active[$0] != nil }.map { .signalEnded(SignalEnd(type: $0, end: time)) }
    }
}
