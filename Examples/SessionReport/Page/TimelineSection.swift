import InterhumanCore

/// The picture: lanes over one line of time. Everything in it leads to a row of the tables below.
struct TimelineSection {
    private let timeline: Timeline
    private let scale: Scale

    init(_ timeline: Timeline) {
        self.timeline = timeline
        scale = Scale(duration: timeline.duration)
    }

    func write(to page: inout HTML) {
        page.element("section", [("class", "chart"), ("aria-labelledby", "timeline")]) { page in
            page.element("h2", [("id", "timeline")], text: "Timeline")
            page.raw(
                "<p class=\"hint\"><span class=\"screen\">Point at anything, or reach it with Tab, to read it; it leads to its row. </span>"
            )
            page.raw("<a href=\"#tables\">Everything as tables</a></p>\n")
            page.element("div", [("class", "lanes")]) { page in
                grid(&page)
                PictureLane(timeline, scale).write(to: &page)
                engagement(&page)
                SignalLanes(timeline, scale).write(to: &page)
                QualityChart(timeline, scale).write(to: &page)
                CourseLanes(timeline, scale).write(to: &page)
                axis(&page)
            }
            legend(&page)
        }
    }

    private func grid(_ page: inout HTML) {
        page.element("div", [("class", "grid"), ("aria-hidden", "true")]) { page in
            page.raw("<div class=\"area\">")
            for tick in scale.ticks { page.element("i", [("style", scale.style(at: tick))]) { _ in } }
            page.raw("</div>")
        }
    }

    private func axis(_ page: inout HTML) {
        page.element("div", [("class", "lane axis"), ("aria-hidden", "true")]) { page in
            page.raw("<div class=\"label\">Time</div><div class=\"track\">")
            for tick in scale.ticks {
                let kind = tick == 0 ? "first" : scale.percent(tick) > 97 ? "last" : "inner"
                page.element("span", [("class", kind), ("style", scale.style(at: tick))], text: Clock.text(tick))
            }
            page.raw("</div>")
        }
    }

    private func engagement(_ page: inout HTML) {
        guard !timeline.engagement.isEmpty else { return }
        Lane.write(to: &page, "Engagement", "engagement", note: "as a state") { page in
            for (index, span) in timeline.engagement.enumerated() {
                let tip = Tip(
                    title: span.state.rawValue, time: Lane.range(span.start, span.end, timeline.duration), text: nil)
                Lane.bar(
                    to: &page, scale, span.start, span.end, kind: Self.engagementClass(span.state),
                    word: span.state.rawValue, target: "e\(index)", tip: tip, name: "Engagement")
            }
        }
    }

    private static func engagementClass(_ state: EngagementState) -> String {
        switch state {
        case .engaged: "engaged"
        case .neutral: "neutral"
        case .disengaged: "disengaged"
        case .unknown: "other"
        }
    }

    private func legend(_ page: inout HTML) {
        page.raw(
            """
            <ul class="legend" aria-label="Legend"><li><i class="key s high"></i>signal, probability high</li>\
            <li><i class="key s medium"></i>medium</li><li><i class="key s low"></i>low</li>\
            <li><i class="key s none"></i>not told</li>\
            <li><i class="key c gap"></i>not sent</li><li><i class="key c outage"></i>no connection</li>\
            <li><i class="key c dropped"></i>not analysed</li><li><i class="key c degraded"></i>analysed in part</li>\
            <li><b class="key n error">✕</b>error</li><li><b class="key n warning">▲</b>warning</li>\
            <li><b class="key n information">●</b>remark</li>\
            <li><b class="key n information">❝</b>feedback</li></ul>\n
            """)
    }
}
