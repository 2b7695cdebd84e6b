import InterhumanCore
import InterhumanSession

extension TimelineAccumulator {
    /// The timeline so far.
    package var timeline: Timeline {
        var copy = self
        return copy.makeTimeline()
    }

    private mutating func makeTimeline() -> Timeline {
        let lasting = active.map { signal($0, until: nil) }
        var end = max(mediaEnd, lastSecond)
        for note in notes.items { end = max(end, resolve(note.time)) }
        for stretch in stretches.items { end = max(end, stretch.end.map(resolve) ?? 0) }
        var timeline = Timeline(service: service)
        (timeline.began, timeline.ended, timeline.duration, timeline.ending) = (began, ended, end, ending)
        (timeline.sources, timeline.configuration, timeline.counts) = (sources, configuration, counts)
        timeline.signals = (signals.items + lasting.map { Self.lasting($0, until: end) }).sorted {
            ($0.start, $0.type) < ($1.start, $1.type)
        }
        timeline.engagement = engagement.items.map {
            Timeline.Engagement(state: $0.state, start: min($0.start, end), end: min($0.end, end))
        }
        (timeline.quality, timeline.overallQuality) = (quality.points, overallQuality)
        timeline.connections = connections.items.map {
            let start = min(seconds($0.start), end)
            return Timeline.Connection(
                number: $0.number, start: start, end: max(start, $0.end.map { min(seconds($0), end) } ?? end),
                name: $0.name)
        }
        timeline.stretches = (stretches.items + openStretches).map { stretch(of: $0, until: end) }.sorted {
            ($0.start, $0.kind.rawValue) < ($1.start, $1.kind.rawValue)
        }
        timeline.notes = notes.items.map(note)
        timeline.feedback = feedback.items.map(note)
        timeline.pictures = pictures.pictures(until: end)
        timeline.leftOut = leftOut
        return timeline
    }

    private static func lasting(_ signal: Timeline.Signal, until end: Double) -> Timeline.Signal {
        var signal = signal
        signal.end = max(signal.start, end)
        return signal
    }

    private func stretch(of pending: PendingStretch, until end: Double) -> Timeline.Stretch {
        let start = min(resolve(pending.start), end)
        return Timeline.Stretch(
            kind: pending.kind, start: start, end: max(start, pending.end.map { min(resolve($0), end) } ?? end),
            text: pending.text + (pending.end == nil ? ", to the end" : ""))
    }

    private func note(_ pending: PendingNote) -> Timeline.Note {
        Timeline.Note(severity: pending.severity, time: resolve(pending.time), text: pending.text)
    }

    private func resolve(_ time: PendingTime) -> Double {
        switch time {
        case .seconds(let seconds): seconds
        case .moment(let moment): seconds(moment)
        }
    }

    private var leftOut: [Timeline.LeftOut] {
        var counts = [
            (signals.leftOut, "of the shortest signals"),
            (engagement.leftOut, "of the shortest stretches of attention"),
            (stretches.leftOut, "of the shortest gaps and outages"), (notes.leftOut, "of the less weighty events"),
            (connections.leftOut, "connections"), (feedback.leftOut, "texts of feedback"),
        ]
        if quality.merged > 1 { counts.append((quality.merged, "scores in a row stand as one, their mean")) }
        return counts.filter { $0.0 > 0 }.map(Timeline.LeftOut.init)
    }
}
