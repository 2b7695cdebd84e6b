import InterhumanCore
import InterhumanSession

/// What one wants to know first.
struct SummarySection {
    private let timeline: Timeline

    init(_ timeline: Timeline) {
        self.timeline = timeline
    }

    func write(to page: inout HTML) {
        page.element("header", [("class", "top")]) { page in
            page.element("p", [("class", "kicker")], text: "Interhuman")
            page.element("h1", text: timeline.ending == nil ? "Session so far" : "Session report")
            page.element("p", [("class", "lead")]) { page in
                page.element("span", [("class", "state " + stateClass)]) { page in
                    page.element("span", [("aria-hidden", "true")], text: stateMark)
                    page.escaped(" " + state)
                }
            }
            page.element("p", [("class", timeline.service.isOfThisMachine ? "service stand-in" : "service")]) { page in
                page.element("strong", text: timeline.service.account)
                page.escaped(" ")
                page.element("code", text: timeline.service.url)
                page.escaped(" (API \(timeline.service.version))")
            }
        }
        tiles(&page)
        facts(&page)
        remarks(&page)
    }

    // MARK: How it ended

    private var state: String {
        guard let ending = timeline.ending else { return "Running" }
        return ending.isFailure ? "Failed: \(ending.text)" : "Ended: \(ending.text)"
    }

    private var stateClass: String {
        timeline.ending.map { $0.isFailure ? "bad" : "good" } ?? "live"
    }

    private var stateMark: String {
        timeline.ending.map { $0.isFailure ? "✕" : "✓" } ?? "●"
    }

    // MARK: Figures

    private func tiles(_ page: inout HTML) {
        page.element("ul", [("class", "tiles"), ("aria-label", "In short")]) { page in
            tile(&page, "Length", Clock.length(timeline.duration), "of media")
            tile(&page, "Signals", Decimal.grouped(timeline.signals.count), signalTypes)
            tile(&page, "Engaged", engaged ?? "–", engaged == nil ? "not told" : "of the time that was judged")
            tile(
                &page, "Quality", timeline.overallQuality.map { Decimal.text($0.qualityIndex, places: 0) } ?? "–",
                timeline.overallQuality == nil ? "not told" : "index of 100, over all")
            tile(&page, "Not covered", Clock.length(uncovered), "gaps, dropped")
        }
    }

    private func tile(_ page: inout HTML, _ name: String, _ figure: String, _ unit: String) {
        page.element("li") { page in
            page.element("span", [("class", "name")], text: name)
            page.element("span", [("class", "figure")], text: figure)
            page.element("span", [("class", "unit")], text: unit)
        }
    }

    private var signalTypes: String {
        let count = Set(timeline.signals.map(\.type)).count
        return "of \(count) type\(count == 1 ? "" : "s")"
    }

    private var engaged: String? {
        let total = timeline.engagement.reduce(0) { $0 + $1.end - $1.start }
        guard total > 0 else { return nil }
        let engaged = timeline.engagement.filter { $0.state == .engaged }.reduce(0) { $0 + $1.end - $1.start }
        return Decimal.text(engaged / total * 100, places: 0) + " %"
    }

    private var uncovered: Double { timeline.seconds(of: .gap, .dropped) }

    // MARK: Facts

    private func facts(_ page: inout HTML) {
        let counts = timeline.counts
        page.element("dl", [("class", "facts")]) { page in
            if let began = timeline.began {
                let ended = timeline.ended.map { " to " + Clock.utc($0.nanosecondsSince1970).suffix(8) } ?? ""
                fact(&page, "When", Clock.utc(began.nanosecondsSince1970) + ended + " UTC")
            }
            fact(
                &page, "Sent",
                "\(Decimal.grouped(counts.segmentsSent)) segments, \(Clock.length(counts.timeSent.inSeconds)), "
                    + "\(Decimal.bytes(counts.bytesSent))")
            fact(
                &page, "Received", "\(Decimal.grouped(counts.messagesReceived)) messages")
            fact(
                &page, "Connections",
                ["\(counts.connections)"] + Self.words(counts.reconnections, "after an outage")
                    + Self.words(counts.rollovers, "before the service's time limit"))
            if !timeline.sources.isEmpty { fact(&page, "Captured", timeline.sources.joined(separator: "; ")) }
            if let configuration = timeline.configuration { fact(&page, "Asked for", configuration) }
        }
    }

    private static func words(_ count: Int, _ what: String) -> [String] {
        count == 0 ? [] : ["\(count) \(what)"]
    }

    private func fact(_ page: inout HTML, _ name: String, _ values: [String]) {
        fact(&page, name, values.joined(separator: ", "))
    }

    private func fact(_ page: inout HTML, _ name: String, _ value: String) {
        page.element("div") { page in
            page.element("dt", text: name)
            page.element("dd", text: value)
        }
    }

    private func remarks(_ page: inout HTML) {
        guard !timeline.leftOut.isEmpty else { return }
        let words = timeline.leftOut.map { "\(Decimal.grouped($0.count)) \($0.what)" }.joined(separator: "; ")
        page.element("p", [("class", "remark")], text: "Left out or merged, to keep this page small: \(words).")
    }
}
