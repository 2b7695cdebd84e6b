import InterhumanCore
import InterhumanSession

/// How the session went: connections, what was sent, what was not.
extension TimelineAccumulator {
    mutating func takeCourse(_ event: SessionEvent, at moment: SessionMoment) {
        switch event.kind {
        case .connected(let name):
            counts.connections += 1
            connections.append(
                PendingConnection(
                    number: event.connection ?? counts.connections, start: moment,
                    name: name.map { PlainText.clean($0, atMost: 100) }))
        case .disconnected:
            connections.update(event.connection) { $0.end = moment }
        case .reconnecting(let next):
            openOutage(next, at: moment)
        case .reconnected(let reconnected):
            counts.reconnections += 1
            close(.outage, at: .moment(moment), adding: "; \(reconnected.attempts) attempts")
        case .capturing(let capture):
            captureBegan(at: event.wallClock)
            sources = [capture.video, capture.audio].compactMap { $0.map { PlainText.clean($0, atMost: 200) } }
        case .configured(let updated):
            configuration = PlainText.clean(updated.words, atMost: 300)
        case .segmentSent(let segment):
            sent(segment)
        case .gap(let gap):
            take(gap)
        case .coverageDropped(let ranges, let reason):
            take(ranges, reason, as: .dropped, words: "not analysed, not billed")
        case .coverageDegraded(let ranges, let reason):
            take(ranges, reason, as: .degraded, words: "analysed in part")
        case .paused: open(.paused, at: moment, "paused")
        case .resumed: close(.paused, at: .moment(moment))
        case .sourceLost(let track, let reason):
            open(.sourceLost, track.rawValue, at: moment, "no \(track.rawValue): \(reason)")
        case .sourceReturned(let track): close(.sourceLost, track.rawValue, at: .moment(moment))
        case .ended(let summary):
            counts = summary.counts
            ending = Timeline.Ending(summary.completion)
        default: break
        }
    }

    private mutating func openOutage(_ next: Reconnecting, at moment: SessionMoment) {
        let cause = PlainText.clean(next.cause.message)
        // Further attempts belong to the same outage.
        guard !openStretches.contains(where: { $0.kind == .outage }) else { return }
        open(.outage, at: moment, cause)
    }

    private mutating func take(_ gap: MediaGap) {
        let start = max(0, gap.sessionStart)
        let end = max(start, gap.sessionEnd)
        lastSecond = max(lastSecond, end)
        append(.gap, start, end, SessionText.words(for: gap.cause))
    }

    private mutating func take(
        _ ranges: [Timed<CoverageRange>], _ reason: String?, as kind: Timeline.Stretch.Kind, words: String
    ) {
        for range in ranges {
            guard let start = range.start, let end = range.end else { continue }
            let from = seconds(start)
            append(kind, from, max(from, seconds(end)), words + (reason.map { ": " + PlainText.clean($0) } ?? ""))
        }
    }

    /// Adds a stretch, or lengthens the one before that says the same.
    private mutating func append(_ kind: Timeline.Stretch.Kind, _ start: Double, _ end: Double, _ text: String) {
        if let last = stretches.items.last, last.kind == kind, last.text == text,
            case .seconds(let lastEnd)? = last.end,
            case .seconds(let lastStart) = last.start, start <= lastEnd + 0.05, start >= lastStart
        {
            stretches.updateLast { $0.end = .seconds(max(lastEnd, end)) }
        } else {
            stretches.append(PendingStretch(kind: kind, start: .seconds(start), end: .seconds(end), text: text))
        }
    }

    private mutating func open(
        _ kind: Timeline.Stretch.Kind, _ subject: String = "", at moment: SessionMoment, _ text: String
    ) {
        guard !openStretches.contains(where: { $0.kind == kind && $0.subject == subject }) else { return }
        openStretches.append(
            PendingStretch(kind: kind, subject: subject, start: .moment(moment), text: PlainText.clean(text)))
    }

    private mutating func close(
        _ kind: Timeline.Stretch.Kind, _ subject: String = "", at end: PendingTime, adding words: String = ""
    ) {
        guard let place = openStretches.firstIndex(where: { $0.kind == kind && $0.subject == subject }) else { return }
        var stretch = openStretches.remove(at: place)
        stretch.end = end
        stretch.text += words
        stretches.append(stretch)
    }
}

extension BoundedList<PendingConnection> {
    /// Changes the newest connection of a number.
    fileprivate mutating func update(_ number: Int?, _ change: (inout PendingConnection) -> Void) {
        if items.last?.number == number { return updateLast(change) }
        guard let index = items.lastIndex(where: { $0.number == number }) else { return }
        update(at: index, change)
    }
}

extension SessionUpdated {
    fileprivate var words: String {
        var words = include.map(\.rawValue)
        if let model { words.insert("model \(model.rawValue)", at: 0) }
        if let goals = goalDimensions, !goals.isEmpty {
            words.append("goals " + goals.map(\.rawValue).joined(separator: ", "))
        }
        return words.joined(separator: ", ")
    }
}

extension Timeline.Ending {
    fileprivate init(_ completion: SessionSummary.Completion) {
        if case .failed(let error) = completion {
            self.init(isFailure: true, text: PlainText.clean("\(error)"))
        } else {
            self.init(isFailure: false, text: PlainText.clean(SessionText.words(for: completion)))
        }
    }
}
