import InterhumanCore

/// Everything that the picture tells, as tables.
struct TableSection {
    private let timeline: Timeline

    init(_ timeline: Timeline) {
        self.timeline = timeline
    }

    func write(to page: inout HTML) {
        page.element("section", [("class", "tables"), ("aria-labelledby", "tables")]) { page in
            page.element("h2", [("id", "tables")], text: "Tables")
            signals(&page)
            engagement(&page)
            quality(&page)
            feedback(&page)
            stretches(&page)
            notes(&page)
            connections(&page)
            pictures(&page)
        }
    }

    private func time(_ seconds: Double) -> String { Clock.text(seconds, in: timeline.duration) }

    private func signals(_ page: inout HTML) {
        table(
            &page, "Signals", ["From", "To", "Signal", "Probability", "Rationale", "Connection"],
            timeline.signals.enumerated().map { index, signal in
                let rationale = signal.rationale ?? "–"
                let modality = signal.modality.isEmpty ? "" : " (\(signal.modality.joined(separator: ", ")))"
                return (
                    "s\(index)",
                    [
                        time(signal.start), time(signal.end) + (signal.lasts ? ", lasts" : ""), signal.type + modality,
                        signal.probability?.rawValue ?? "–", rationale, "\(signal.connection)",
                    ]
                )
            }, empty: "No signal was found.")
    }

    private func engagement(_ page: inout HTML) {
        table(
            &page, "Engagement", ["From", "To", "State"],
            timeline.engagement.enumerated().map { index, span in
                ("e\(index)", [time(span.start), time(span.end), span.state.rawValue])
            }, empty: nil)
    }

    private func quality(_ page: inout HTML) {
        var rows = timeline.quality.enumerated().map { index, point in
            (
                "q\(index)",
                [time(point.start), time(point.end)]
                    + QualityChart.scores.map { Decimal.text(point.scores[keyPath: $0.score], places: 0) }
            )
        }
        if let overall = timeline.overallQuality {
            rows.append(
                (
                    "overall",
                    ["over all", ""] + QualityChart.scores.map { Decimal.text(overall[keyPath: $0.score], places: 0) }
                ))
        }
        table(&page, "Conversation quality", ["From", "To"] + QualityChart.scores.map(\.name), rows, empty: nil)
    }

    private func feedback(_ page: inout HTML) {
        table(
            &page, "Feedback", ["At", "Text"],
            timeline.feedback.enumerated().map { ("f\($0)", [time($1.time), $1.text]) }, empty: nil)
    }

    private func stretches(_ page: inout HTML) {
        table(
            &page, "Gaps, outages, coverage", ["From", "To", "Length", "What", "Why"],
            timeline.stretches.enumerated().map { index, stretch in
                (
                    "g\(index)",
                    [
                        time(stretch.start), time(stretch.end), Clock.length(stretch.end - stretch.start),
                        stretch.kind.words, stretch.text,
                    ]
                )
            }, empty: "Everything that was captured was sent and analysed without a break.")
    }

    private func notes(_ page: inout HTML) {
        table(
            &page, "Errors, warnings, remarks", ["At", "What", "Text"],
            timeline.notes.enumerated().map { ("n\($0)", [time($1.time), $1.severity.words, $1.text]) }, empty: nil)
    }

    private func connections(_ page: inout HTML) {
        table(
            &page, "Connections", ["Number", "From", "To", "Correlation id"],
            timeline.connections.enumerated().map { index, connection in
                (
                    "c\(index)",
                    ["\(connection.number)", time(connection.start), time(connection.end), connection.name ?? "–"]
                )
            }, empty: "There was no connection.")
    }

    private func pictures(_ page: inout HTML) {
        table(
            &page, "Pictures", ["At", "What"],
            timeline.pictures.enumerated().map { ("p\($0)", [time($1.time), "A picture of what was sent"]) }, empty: nil
        )
    }

    private func table(
        _ page: inout HTML, _ name: String, _ columns: [String], _ rows: [(id: String, cells: [String])], empty: String?
    ) {
        guard !rows.isEmpty else {
            if let empty {
                page.element("h3", text: name)
                page.element("p", [("class", "empty")], text: empty)
            }
            return
        }
        page.element("h3", text: "\(name) (\(Decimal.grouped(rows.count)))")
        page.element("div", [("class", "scroll"), ("role", "region"), ("tabindex", "0"), ("aria-label", name)]) {
            page in
            page.element("table") { page in
                page.raw("<thead><tr>")
                for column in columns { page.element("th", [("scope", "col")], text: column) }
                page.raw("</tr></thead><tbody>\n")
                for (id, cells) in rows {
                    page.element("tr", [("id", id)]) { page in
                        for cell in cells {
                            page.element("td") { page in page.element("bdi", text: cell) }
                        }
                    }
                    page.raw("\n")
                }
                page.raw("</tbody>")
            }
        }
        page.raw("\n")
    }
}
