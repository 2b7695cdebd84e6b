/// How the session went: connections, what is missing, what happened.
struct CourseLanes {
    private let timeline: Timeline
    private let scale: Scale

    init(_ timeline: Timeline, _ scale: Scale) {
        self.timeline = timeline
        self.scale = scale
    }

    func write(to page: inout HTML) {
        connections(&page)
        stretches(&page, "Media", [.gap, .paused, .sourceLost], always: true)
        stretches(&page, "Coverage", [.dropped, .degraded], always: false)
        notes(&page)
    }

    private func connections(_ page: inout HTML) {
        Lane.write(to: &page, "Connection", "course") { page in
            for (index, connection) in timeline.connections.enumerated() {
                Lane.bar(
                    to: &page, scale, connection.start, connection.end, kind: "c up", word: "\(connection.number)",
                    target: "c\(index)",
                    tip: Tip(
                        title: "Connection \(connection.number)",
                        time: Lane.range(connection.start, connection.end, timeline.duration),
                        text: connection.name.map { "Correlation id \($0)" }), name: "Connection")
            }
            bars(&page, [.outage])
        }
    }

    private func stretches(_ page: inout HTML, _ label: String, _ kinds: [Timeline.Stretch.Kind], always: Bool) {
        let isEmpty = !timeline.stretches.contains { kinds.contains($0.kind) }
        guard always || !isEmpty else { return }
        Lane.write(to: &page, label, "course", note: isEmpty ? "nothing missing" : nil) { page in bars(&page, kinds) }
    }

    private func bars(_ page: inout HTML, _ kinds: [Timeline.Stretch.Kind]) {
        for (index, stretch) in timeline.stretches.enumerated() where kinds.contains(stretch.kind) {
            Lane.bar(
                to: &page, scale, stretch.start, stretch.end, kind: "c \(stretch.kind.rawValue)",
                word: stretch.kind.words, target: "g\(index)",
                tip: Tip(
                    title: stretch.kind.words, time: Lane.range(stretch.start, stretch.end, timeline.duration),
                    text: stretch.text), name: "Stretch")
        }
    }

    private func notes(_ page: inout HTML) {
        guard !timeline.notes.isEmpty || !timeline.feedback.isEmpty else { return }
        Lane.write(to: &page, "Events", "events") { page in
            for (index, note) in timeline.notes.enumerated() {
                Lane.mark(
                    to: &page, scale, at: note.time, kind: note.severity.kind, sign: note.severity.sign,
                    target: "n\(index)",
                    tip: Tip(
                        title: note.severity.words, time: Clock.text(note.time, in: timeline.duration), text: note.text)
                )
            }
            for (index, text) in timeline.feedback.enumerated() {
                Lane.mark(
                    to: &page, scale, at: text.time, kind: "feedback", sign: "❝", target: "f\(index)",
                    tip: Tip(
                        title: "Feedback", time: Clock.text(text.time, in: timeline.duration),
                        text: PlainText.clean(text.text, atMost: 400)))
            }
        }
    }
}

extension Timeline.Stretch.Kind {
    /// Its name for people.
    var words: String {
        switch self {
        case .outage: "no connection"
        case .gap: "not sent"
        case .dropped: "not analysed"
        case .degraded: "in part"
        case .paused: "paused"
        case .sourceLost: "no source"
        }
    }
}

extension Timeline.Note.Severity {
    /// Its name for people.
    var words: String {
        switch self {
        case .information: "Remark"
        case .warning: "Warning"
        case .error: "Error"
        }
    }

    /// The class that draws it.
    var kind: String {
        switch self {
        case .information: "information"
        case .warning: "warning"
        case .error: "error"
        }
    }

    /// A shape of its own, for those who see no difference of colour.
    var sign: String {
        switch self {
        case .information: "●"
        case .warning: "▲"
        case .error: "✕"
        }
    }
}
