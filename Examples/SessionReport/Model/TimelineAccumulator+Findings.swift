import InterhumanCore
import InterhumanSession

/// What the service found.
extension TimelineAccumulator {
    mutating func takeFindings(_ event: SessionEvent, at moment: SessionMoment) {
        let connection = event.connection ?? 0
        switch event.kind {
        case .signalDetected(let observations):
            for observation in observations { begin(observation, connection) }
        case .signalUpdated(let observation):
            update(observation, connection)
        case .signalCompleted(let interval):
            complete(interval)
        case .engagement(let update):
            take(update, at: moment)
        case .conversationQuality(let overall, let timeline):
            take(overall: overall, timeline: timeline, at: moment)
        case .feedback(let text):
            feedback.append(
                PendingNote(
                    severity: .information, time: .moment(moment), text: PlainText.clean(text.text, atMost: 4_000)))
        default:
            break
        }
    }

    // MARK: Signals

    private mutating func begin(_ observation: Timed<SignalObservation>, _ connection: Int) {
        // What has an end already comes again as a whole.
        guard let start = observation.start, observation.end == nil else { return }
        _ = seconds(start)
        active.removeAll { $0.connection == connection && $0.type == observation.value.type }
        // One of each known type and a few unknown ones for each connection; more is nonsense.
        guard active.count < 200 else { return }
        var interval = SignalInterval(observation, start: start, connection: connection)
        interval.rationale = interval.rationale.map { PlainText.clean($0) }
        active.append(interval)
    }

    private mutating func update(_ observation: Timed<SignalObservation>, _ connection: Int) {
        let place = active.firstIndex { $0.connection == connection && $0.type == observation.value.type }
        guard let place else { return begin(observation, connection) }
        active[place].probability = observation.value.probability ?? active[place].probability
        active[place].rationale = observation.value.rationale.map { PlainText.clean($0) } ?? active[place].rationale
        active[place].modality = observation.value.modality ?? active[place].modality
    }

    private mutating func complete(_ interval: SignalInterval) {
        active.removeAll {
            $0.connection == interval.connection && $0.type == interval.type && $0.start == interval.start
        }
        signals.append(signal(interval, until: interval.end))
    }

    mutating func signal(_ interval: SignalInterval, until end: SessionInstant?) -> Timeline.Signal {
        let start = seconds(interval.start)
        return Timeline.Signal(
            type: PlainText.clean(interval.type.rawValue, atMost: 40), start: start,
            end: max(start, end.map { seconds($0) } ?? lastSecond), lasts: end == nil,
            probability: interval.probability.map {
                SignalProbability(rawValue: PlainText.clean($0.rawValue, atMost: 40))
            },
            rationale: interval.rationale.map { PlainText.clean($0) },
            modality: (interval.modality ?? []).prefix(8).map { PlainText.clean($0.rawValue, atMost: 40) },
            connection: interval.connection)
    }

    // MARK: Attention and quality

    private mutating func take(_ update: Timed<EngagementUpdate>, at moment: SessionMoment) {
        let state = EngagementState(rawValue: PlainText.clean(update.value.state.rawValue, atMost: 40))
        let start = update.start.map { seconds($0) } ?? seconds(moment)
        let end = update.end.map { seconds($0) } ?? .infinity
        engagement.updateLast { $0.end = min($0.end, max($0.start, start)) }
        if let last = engagement.items.last, last.state == state, start - last.end < 0.05 {
            engagement.updateLast { $0.end = max($0.end, end) }
        } else {
            engagement.append(Timeline.Engagement(state: state, start: start, end: end))
        }
        lastSecond = max(lastSecond, min(start, mediaEnd + 60))
    }

    private mutating func take(
        overall: ConversationQuality?, timeline: [Timed<ConversationQualityInterval>], at moment: SessionMoment
    ) {
        if !timeline.isEmpty, !hasQualityTimeline {
            hasQualityTimeline = true
            quality = QualityCurve()
        }
        for piece in timeline {
            guard let start = piece.start, let end = piece.end else { continue }
            let from = seconds(start)
            quality.append(
                Timeline.Quality(start: from, end: max(from, seconds(end)), scores: piece.value.values.clamped))
        }
        guard let overall else { return }
        overallQuality = overall.clamped
        guard !hasQualityTimeline else { return }
        let time = seconds(moment)
        quality.append(Timeline.Quality(start: time, end: time, scores: overall.clamped))
    }
}

extension ConversationQuality {
    /// The scores within 0 to 100, whatever the service says.
    fileprivate var clamped: ConversationQuality {
        func clamp(_ score: Double) -> Double { score.isNaN ? 50 : min(max(score, 0), 100) }
        return ConversationQuality(
            qualityIndex: clamp(qualityIndex), clarity: clamp(clarity), authority: clamp(authority),
            energy: clamp(energy), rapport: clamp(rapport), learning: clamp(learning))
    }
}
