/// What a bar tells when one points at it.
struct Tip {
    var title: String
    var time: String
    var text: String?
}

/// A line of the picture with its name.
enum Lane {
    static func write(
        to page: inout HTML, _ label: String, _ kind: String, note: String? = nil, _ content: (inout HTML) -> Void
    ) {
        page.element("div", [("class", "lane " + kind)]) { page in
            page.element("div", [("class", "label")]) { page in
                page.element("bdi", text: label)
                if let note { page.element("small", text: note) }
            }
            page.element("div", [("class", "track")], content)
        }
        page.raw("\n")
    }

    /// A bar over a stretch of time.
    static func bar(
        to page: inout HTML, _ scale: Scale, _ start: Double, _ end: Double, kind: String, word: String?,
        target: String, tip: Tip, name: String
    ) {
        page.element(
            "a",
            [
                ("class", "bar \(kind)" + (scale.isLate(start) ? " late" : "")), ("href", "#\(target)"),
                ("style", scale.style(start, end)), ("aria-label", "\(name): \(tip.title), \(tip.time)"),
            ]
        ) { page in
            page.element("i") { page in
                if let word { page.element("bdi", text: word) }
            }
            write(tip, to: &page)
        }
    }

    /// A mark at an instant.
    static func mark(
        to page: inout HTML, _ scale: Scale, at time: Double, kind: String, sign: String, target: String, tip: Tip
    ) {
        page.element(
            "a",
            [
                ("class", "mark \(kind)" + (scale.isLate(time) ? " late" : "")), ("href", "#\(target)"),
                ("style", scale.style(at: time)), ("aria-label", "\(tip.title), \(tip.time)"),
            ]
        ) { page in
            page.element("b", [("aria-hidden", "true")], text: sign)
            write(tip, to: &page)
        }
    }

    static func write(_ tip: Tip, to page: inout HTML) {
        page.element("span", [("class", "tip")]) { page in
            page.element("b") { page in page.element("bdi", text: tip.title) }
            page.element("span", [("class", "when")], text: tip.time)
            if let text = tip.text { page.element("bdi", text: text) }
        }
    }

    /// From when to when.
    static func range(_ start: Double, _ end: Double, _ duration: Double) -> String {
        "\(Clock.text(start, in: duration))–\(Clock.text(end, in: duration))"
    }
}
