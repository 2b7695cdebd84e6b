import InterhumanCore
import Testing

@testable import TerminalView

@Suite("Painting", .timeLimit(.minutes(2)))
struct PaintingTests {
    private static let profiles = ColorDepth.allCases.flatMap { depth in
        [true, false].map { TerminalProfile(depth: depth, isUnicode: $0) }
    }

    @Test("A difference leaves the screen that a full drawing leaves", arguments: profiles)
    func differences(profile: TerminalProfile) {
        var random = SplitMix64(seed: 7)
        let painter = FramePainter(profile.depth)
        let renderer = ViewRenderer(profile)
        for _ in 0..<8 {
            let size = ScreenSize(
                columns: .random(in: 1...130, using: &random), rows: .random(in: 1...45, using: &random))
            var terminal = TerminalEmulator(size)
            var state = ViewState()
            var shown: Canvas?
            for step in 0..<20 {
                let now = Double(step) * 0.7
                for _ in 0..<3 { SampleState.change(&state, at: now, using: &random) }
                let canvas = renderer.render(state, size: size, at: now)
                terminal.feed(painter.sequence(from: shown, to: canvas))
                shown = canvas
                var fresh = TerminalEmulator(size)
                fresh.feed(painter.sequence(from: nil, to: canvas))
                #expect(terminal == fresh)
                #expect(fresh.text == canvas.text)
                #expect(terminal.unknown.isEmpty && fresh.unknown.isEmpty, "\(terminal.unknown)")
            }
        }
    }

    @Test("Cells at random, wide ones among them, come out the same either way")
    func randomCells() {
        var random = SplitMix64(seed: 11)
        let painter = FramePainter(.trueColor)
        let size = ScreenSize(columns: 23, rows: 4)
        var terminal = TerminalEmulator(size)
        var canvas = Canvas(size)
        var shown: Canvas?
        for _ in 0..<2_000 {
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let text = ["a", "  ", "幅", "e\u{301}", "😀x", "漢字", "long text"].randomElement(using: &random) ?? ""
                let style = CellStyle(
                    Bool.random(using: &random) ? TerminalColor(1, 2, 3) : nil, isBold: Bool.random(using: &random))
                canvas.write(
                    text, column: .random(in: 0..<23, using: &random), row: .random(in: 0..<4, using: &random),
                    style: style)
            }
            terminal.feed(painter.sequence(from: shown, to: canvas))
            shown = canvas
            var fresh = TerminalEmulator(size)
            fresh.feed(painter.sequence(from: nil, to: canvas))
            #expect(terminal == fresh)
            #expect(fresh.text == canvas.text)
        }
        #expect(terminal.unknown.isEmpty)
    }

    @Test("A terminal that counts columns differently spoils no more than the wide characters")
    func disagreement() {
        var canvas = Canvas(ScreenSize(columns: 20, rows: 1))
        canvas.write("a幅b 😀 end", column: 0, row: 0)
        var terminal = TerminalEmulator(canvas.size)
        terminal.takesWideForNarrow = true
        terminal.feed(FramePainter(.monochrome).sequence(from: nil, to: canvas))
        #expect(terminal.text == "a幅b 😀 end")
    }

    @Test("What is on the screen already is not sent again, and a small change is small")
    func economy() {
        let renderer = ViewRenderer(TerminalProfile(depth: .trueColor, isUnicode: true))
        let painter = FramePainter(.trueColor)
        let size = ScreenSize(columns: 120, rows: 40)
        var state = SampleState.live()
        let before = renderer.render(state, size: size, at: 183)
        #expect(painter.sequence(from: before, to: renderer.render(state, size: size, at: 183)).isEmpty)
        state.reached(.zero + .milliseconds(83_000))
        let after = renderer.render(state, size: size, at: 183)
        let difference = painter.sequence(from: before, to: after)
        #expect(!difference.isEmpty)
        #expect(difference.utf8.count * 100 < painter.sequence(from: nil, to: after).utf8.count)
    }

    @Test("Another size is drawn from nothing")
    func resize() {
        let renderer = ViewRenderer(TerminalProfile(depth: .sixteen, isUnicode: true))
        let small = renderer.render(SampleState.live(), size: ScreenSize(columns: 40, rows: 12), at: 183)
        let large = renderer.render(SampleState.live(), size: ScreenSize(columns: 80, rows: 24), at: 183)
        let sequence = FramePainter(.sixteen).sequence(from: small, to: large)
        #expect(sequence == FramePainter(.sixteen).sequence(from: nil, to: large))
    }

    @Test(
        "Colours become what the terminal has",
        arguments: [
            (ColorDepth.monochrome, "\u{1B}[0;1m"), (.sixteen, "\u{1B}[0;1;91;40m"),
            (.indexed256, "\u{1B}[0;1;38;5;196;48;5;233m"), (.trueColor, "\u{1B}[0;1;38;2;250;5;5;48;2;18;18;18m"),
        ])
    func colours(depth: ColorDepth, expected: String) {
        let style = CellStyle(TerminalColor(250, 5, 5), on: TerminalColor(18, 18, 18), isBold: true)
        #expect(style.escapeSequence(depth) == expected)
    }

    @Test(
        "Of sixteen colours, what has a hue gets one",
        arguments: [
            (Theme.good, "32"), (Theme.middling, "33"), (Theme.bad, "31"), (Theme.accent, "94"),
            (TerminalColor(150, 150, 150), "90"), (TerminalColor(10, 20, 5), "30"),
            (TerminalColor(250, 250, 240), "97"),
        ])
    func sixteen(color: TerminalColor, expected: String) {
        #expect(ColorDepth.sixteen.parameters(color, isBackground: false) == expected)
    }

    @Test("The nearest of 256 colours is taken")
    func nearest() {
        var random = SplitMix64(seed: 3)
        let levels = [0, 95, 135, 175, 215, 255]
        var palette: [Int: (Int, Int, Int)] = [:]
        for index in 0..<216 {
            palette[16 + index] = (levels[index / 36], levels[index / 6 % 6], levels[index % 6])
        }
        for step in 0..<24 { palette[232 + step] = (8 + 10 * step, 8 + 10 * step, 8 + 10 * step) }
        let distance = { (color: TerminalColor, entry: (Int, Int, Int)) in
            let (r, g, b) = (Int(color.red) - entry.0, Int(color.green) - entry.1, Int(color.blue) - entry.2)
            return r * r + g * g + b * b
        }
        for _ in 0..<500 {
            let color = TerminalColor(
                .random(in: 0...255, using: &random), .random(in: 0...255, using: &random),
                .random(in: 0...255, using: &random))
            let best = palette.values.map { distance(color, $0) }.min()
            #expect(palette[Palette.nearest256(color)].map { distance(color, $0) } == best)
        }
    }
}
