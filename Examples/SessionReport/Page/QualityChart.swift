import InterhumanCore

/// The index and its five dimensions as curves from 0 to 100.
struct QualityChart {
    /// The curves with their names and the classes that draw them.
    static let scores:
        [(name: String, kind: StaticString, score: any KeyPath<ConversationQuality, Double> & Sendable)] = [
            ("index", "q0", \.qualityIndex), ("clarity", "q1", \.clarity), ("authority", "q2", \.authority),
            ("energy", "q3", \.energy), ("rapport", "q4", \.rapport), ("learning", "q5", \.learning),
        ]

    private let timeline: Timeline
    private let scale: Scale

    init(_ timeline: Timeline, _ scale: Scale) {
        self.timeline = timeline
        self.scale = scale
    }

    func write(to page: inout HTML) {
        guard !timeline.quality.isEmpty else { return }
        page.raw("<div class=\"lane quality\"><div class=\"label\">Quality<small>0 to 100</small><ul>")
        for (name, kind, _) in Self.scores {
            page.element("li", [("class", kind.description)]) { page in
                page.raw("<svg viewBox=\"0 0 22 8\" aria-hidden=\"true\"><path d=\"M0 4H22\"/></svg>")
                page.escaped(name)
            }
        }
        page.raw("</ul></div><div class=\"track\">")
        curves(&page)
        probes(&page)
        page.raw(
            "<span class=\"y top\" aria-hidden=\"true\">100</span><span class=\"y mid\" aria-hidden=\"true\">50</span>")
        page.raw("<span class=\"y base\" aria-hidden=\"true\">0</span></div></div>\n")
    }

    private func curves(_ page: inout HTML) {
        page.raw("<svg class=\"curves\" viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\" role=\"img\" ")
        page.raw("aria-label=\"Curves of the quality index and its dimensions; the figures are in the table\">")
        page.raw("<path class=\"half\" d=\"M0 50H1000\"></path>")
        for (_, kind, score) in Self.scores.reversed() {
            var path = ""
            var last: Timeline.Quality?
            for point in timeline.quality {
                let x = Decimal.text(scale.percent((point.start + point.end) / 2) * 10, places: 1)
                // A stretch without scores has no curve; a point alone is a dot.
                let goesOn = last.map { $0.end == $0.start || point.start - $0.end < 0.5 } ?? false
                path += "\(goesOn ? "L" : "M")\(x) \(Decimal.text(100 - point.scores[keyPath: score]))h.1"
                last = point
            }
            page.element("path", [("class", kind.description), ("d", path)]) { _ in }
        }
        page.raw("</svg>")
    }

    /// Stretches over the whole height that tell the scores, at most sixty.
    private func probes(_ page: inout HTML) {
        let step = max(1, (timeline.quality.count + 59) / 60)
        for index in stride(from: 0, to: timeline.quality.count, by: step) {
            let point = timeline.quality[index]
            let last = min(index + step, timeline.quality.count)
            let end = last < timeline.quality.count ? timeline.quality[last].start : max(point.end, timeline.duration)
            let scores = Self.scores.map { "\($0.name) \(Decimal.text(point.scores[keyPath: $0.score], places: 0))" }
            Lane.bar(
                to: &page, scale, point.start, max(point.end, min(end, point.start + 60)), kind: "probe", word: nil,
                target: "q\(index)",
                tip: Tip(
                    title: "Quality", time: Lane.range(point.start, point.end, timeline.duration),
                    text: scores.joined(separator: ", ")), name: "Scores")
        }
    }
}
