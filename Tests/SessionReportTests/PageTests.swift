import InterhumanCore
import InterhumanSession
import SessionReport
import Testing

/// The page of a report.
@Suite struct PageTests {
    private static let hostile = [
        "</script><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
        "&lt;b&gt;<b>",
        "\u{202E}evil\u{2066}\u{200F}", "a\u{0}b\u{1B}[31m\u{85}\u{FFFE}", "]]><!--", "{{7*7}}",
        String(repeating: "<", count: 1 << 20), "e" + String(repeating: "\u{301}", count: 1 << 20),
    ]

    /// A session in which everything that somebody else can name is named so.
    private func page(_ text: String) -> String {
        let service = ServiceIdentity(url: "ws://\(text)", version: text)
        var accumulator = TimelineAccumulator(service: service)
        let error = SessionError(.connection, operation: text, message: text)
        for kind: SessionEvent.Kind in [
            .connected(correlationID: text), .capturing(CaptureDescription(video: text, audio: text)),
            .configured(
                SessionUpdated(include: [AnalysisOutput(rawValue: text)], model: AnalysisModel(rawValue: text))),
            .segmentSent(Events.segment(0)),
            .signalCompleted(
                Events.interval(
                    SignalType(rawValue: text), 0, 2, probability: SignalProbability(rawValue: text), rationale: text)),
            .signalDetected([
                Timed(
                    SignalObservation(
                        type: SignalType(rawValue: text), start: 1, rationale: text,
                        modality: [SignalModality(rawValue: text)]), start: Events.instant(1))
            ]),
            .engagement(
                Timed(EngagementUpdate(state: EngagementState(rawValue: text), start: 0), start: Events.instant(0))),
            .feedback(Feedback(text: text)),
            .coverageDropped(
                [Timed(CoverageRange(start: 0, end: 1), start: Events.instant(0), end: Events.instant(1))], reason: text
            ),
            .serviceError(ServiceError(code: ServiceErrorCode(rawValue: text), message: text, link: text)),
            .unknownMessage(reason: text), .sourceLost(.video, reason: text),
            .warning(.unsupportedOption(field: text, value: text, supported: [text])),
            .reconnecting(Reconnecting(attempt: 1, delay: .zero, cause: error)),
            .ended(SessionSummary(completion: .sessionEnded(reason: text))),
        ] { accumulator.take(Events.event(kind, at: 1)) }
        return ReportPage(accumulator.timeline).html
    }

    @Test(arguments: hostile.indices) func nothingOfSomebodyElsesIsMarkup(index: Int) {
        let html = page(Self.hostile[index])
        let harmless = page("harmless")
        #expect(tags(html) == tags(harmless))
        #expect(html.utf8.count < 200_000)
        for scalar in html.unicodeScalars {
            let isBad: Bool =
                switch scalar.value {
                case 0x0A: false
                case 0..<0x20, 0x7F...0x9F, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF: true
                default: false
                }
            #expect(!isBad, "U+\(String(scalar.value, radix: 16))")
        }
    }

    /// The names of the elements in order, with the names of their attributes: what a reader of HTML would make of it.
    private func tags(_ html: String) -> [String] {
        html.split(separator: "<", omittingEmptySubsequences: true).dropFirst().map { piece in
            let tag = piece.prefix { $0 != ">" }
            var names = [String(tag.prefix { $0 != " " })]
            var isQuoted = false
            var word = ""
            for character in tag.dropFirst(names[0].count) {
                if character == "\"" {
                    isQuoted.toggle()
                } else if !isQuoted {
                    if character == "=" { names.append(word) }
                    word = character == " " ? "" : word + String(character)
                }
            }
            return names.joined(separator: " ")
        }
    }

    @Test func thePageNeedsNothingElse() {
        let html = page("harmless")
        #expect(html.contains("default-src &#39;none&#39;"))
        #expect(!html.contains("<script") && !html.contains("url(") && !html.contains("@import"))
        for part in html.split(separator: "src=\"").dropFirst() { #expect(part.hasPrefix("data:image/jpeg;base64,")) }
        for part in html.split(separator: "href=\"").dropFirst() {
            #expect(part.hasPrefix("#") || part.hasPrefix("data:,"), "\(part.prefix(40))")
        }
    }

    @Test func whatThePictureTellsStandsInTheTables() throws {
        let html = page("harmless")
        let place = try #require(html.firstRange(of: "id=\"tables\""))
        let tables = html[place.lowerBound...]
        for part in html.split(separator: "href=\"#").dropFirst() {
            let target = part.prefix { $0 != "\"" }
            #expect(html.contains("id=\"\(target)\""), "\(target) leads nowhere")
        }
        for part in html[..<place.lowerBound].split(separator: "class=\"tip\">").dropFirst() {
            let end = try #require(part.firstRange(of: "</a>"))
            for piece in part[..<end.lowerBound].split(separator: "<bdi>").dropFirst() {
                let text = piece.prefix { $0 != "<" }
                // The scores stand in cells of their own, the severities begin the row.
                guard !["Quality", "Connection 1"].contains(text), !text.hasPrefix("Correlation id") else { continue }
                #expect(tables.contains(text), "\(text) stands in the picture only")
            }
        }
    }

    @Test func howItEndedStandsOnTop() {
        var accumulator = TimelineAccumulator(service: Events.local)
        #expect(ReportPage(accumulator.timeline).html.contains("Running"))
        accumulator.fail("No way to the service.")
        let html = ReportPage(accumulator.timeline).html
        #expect(html.contains("Failed: No way to the service."))
        #expect(html.contains("not Interhuman&#39;s models"))
    }

    @Test func anEmptySessionHasAPage() {
        let html = ReportPage(Events.timeline([])).html
        #expect(html.contains("No signal was found."))
        for word in [">nan", ":nan", ">inf", ":inf<", ":inf%", "L nan", "M nan"] { #expect(!html.contains(word)) }
    }
}
