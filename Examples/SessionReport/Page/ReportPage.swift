import InterhumanSession

/// A timeline as one page of HTML, without a script and without anything to load.
package struct ReportPage: Sendable {
    private let timeline: Timeline

    /// Creates the page of a timeline.
    package init(_ timeline: Timeline) {
        self.timeline = timeline
    }

    /// The whole file.
    package var html: String {
        var page = HTML()
        page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        page.open(
            "meta",
            [
                ("http-equiv", "Content-Security-Policy"),
                (
                    "content",
                    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
                ),
            ])
        page.raw("\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        page.raw(
            "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n")
        page.raw("<link rel=\"icon\" href=\"data:,\">\n")
        page.element("title", text: title)
        page.raw("\n<style>\n")
        page.append(PageStyle.sheet)
        page.raw("</style>\n</head>\n<body>\n<main>\n")
        page.append(Self.content(timeline))
        page.raw("</main>\n</body>\n</html>\n")
        return page.text
    }

    /// What stands within `<main>`, for a page that is filled again and again.
    package var content: String { Self.content(timeline).text }

    /// The style sheet.
    package static var styleSheet: String { PageStyle.sheet.text }

    private var title: String {
        "Interhuman session" + (timeline.began.map { " of " + Clock.utc($0.nanosecondsSince1970) + " UTC" } ?? "")
    }

    private static func content(_ timeline: Timeline) -> HTML {
        var page = HTML()
        SummarySection(timeline).write(to: &page)
        TimelineSection(timeline).write(to: &page)
        TableSection(timeline).write(to: &page)
        page.raw("<footer><p>Made by <code>interhuman</code>. Times count from the first media that was captured.")
        page.raw(" This page holds pictures of people: keep it as you keep the recording.</p></footer>\n")
        return page
    }
}
