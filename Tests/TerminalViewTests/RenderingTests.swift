import Foundation
import InterhumanCore
import InterhumanSession
import Testing

@testable import TerminalView

/// The view at several sizes, as text. With INTERHUMAN_WRITE_GOLDEN=1 the files are written afresh: look at them.
@Suite("Rendering", .timeLimit(.minutes(2)))
struct RenderingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var size: ScreenSize
        var profile = TerminalProfile(depth: .trueColor, isUnicode: true)
        var now = 183.0
        var make: @Sendable () -> ViewState
        var testDescription: String { name }

        init(
            _ name: String, _ columns: Int, _ rows: Int, depth: ColorDepth = .trueColor, isUnicode: Bool = true,
            now: Double = 183, _ make: @escaping @Sendable () -> ViewState = SampleState.live
        ) {
            self.name = name
            size = ScreenSize(columns: columns, rows: rows)
            profile = TerminalProfile(depth: depth, isUnicode: isUnicode)
            (self.now, self.make) = (now, make)
        }
    }

    static let cases = [
        Case("live-80x24", 80, 24), Case("live-40x12", 40, 12), Case("live-120x40", 120, 40),
        Case("live-200x60", 200, 60), Case("live-20x5", 20, 5),
        Case("live-80x24-monochrome", 80, 24, depth: .monochrome),
        Case("live-80x24-ascii", 80, 24, depth: .sixteen, isUnicode: false),
        Case("start-80x24", 80, 24, now: 1) { ViewState() },
        Case("sound-only-80x24", 80, 24) {
            var state = SampleState.live()
            state.picture = nil
            state.sources = CaptureDescription(video: nil, audio: "Microphone")
            return state
        },
        Case("portrait-80x24", 80, 24) {
            var state = SampleState.live()
            state.picture = SampleState.picture(54, 96)
            return state
        },
        Case("reconnecting-80x24", 80, 24) {
            var state = SampleState.live()
            let cause = SessionError(.connection, operation: "send", message: "The connection was lost.")
            state.take(
                SampleState.event(.reconnecting(Reconnecting(attempt: 2, delay: .seconds(4), cause: cause))), at: 181)
            return state
        },
        Case("help-80x24", 80, 24) {
            var state = SampleState.live()
            state.toggleHelp()
            return state
        },
    ]

    @Test("Looks as it did when somebody looked at it", arguments: cases)
    func golden(_ example: Case) throws {
        let canvas = ViewRenderer(example.profile).render(example.make(), size: example.size, at: example.now)
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(example.name).txt")
        if ProcessInfo.processInfo.environment["INTERHUMAN_WRITE_GOLDEN"] != nil {
            try Data((canvas.text + "\n").utf8).write(to: file)
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        #expect(canvas.text + "\n" == expected, "\n\(canvas.text)")
    }

    @Test("No size and no state gives anything but whole, harmless cells", arguments: [true, false])
    func anySize(isUnicode: Bool) {
        var random = SplitMix64(seed: 23)
        let renderer = ViewRenderer(TerminalProfile(depth: .trueColor, isUnicode: isUnicode))
        for _ in 0..<60 {
            var state = ViewState()
            for step in 0..<30 { SampleState.change(&state, at: Double(step), using: &random) }
            let size = ScreenSize(
                columns: .random(in: 1...210, using: &random), rows: .random(in: 1...70, using: &random))
            let canvas = renderer.render(state, size: size, at: 31)
            for row in 0..<size.rows {
                #expect(canvas.row(row).reduce(0) { $0 + $1.width } == size.columns)
                for cell in canvas.row(row) {
                    let isHarmless = cell.text.unicodeScalars.allSatisfy { scalar in
                        ![.control, .format, .lineSeparator, .paragraphSeparator].contains(
                            scalar.properties.generalCategory) && (isUnicode || scalar.isASCII)
                    }
                    #expect(isHarmless, "\(cell)")
                    #expect((cell.width == 0) == cell.text.isEmpty)
                }
            }
        }
    }

    @Test("Pictures fill what they may and keep their aspect ratio, each half of a cell a pixel")
    func picture() throws {
        let picture = try #require(RGBPicture(width: 2, height: 2, pixels: [9, 0, 0, 0, 9, 0, 0, 0, 9, 9, 9, 9]))
        var canvas = Canvas(ScreenSize(columns: 4, rows: 1))
        canvas.draw(picture, in: ScreenArea(column: 0, row: 0, columns: 4, rows: 1), depth: .trueColor)
        #expect(canvas.text == " ▀▀")
        #expect(canvas[1, 0].style == CellStyle(TerminalColor(9, 0, 0), on: TerminalColor(0, 0, 9)))
        #expect(canvas[2, 0].style == CellStyle(TerminalColor(0, 9, 0), on: TerminalColor(9, 9, 9)))
    }

    @Test("Elapsed time goes on until the end, and not beyond")
    func clock() {
        var state = SampleState.live()
        let renderer = ViewRenderer(TerminalProfile(depth: .trueColor, isUnicode: true))
        let size = ScreenSize(columns: 80, rows: 24)
        #expect(renderer.render(state, size: size, at: 3_823).text.contains("1:02:03"))
        state.take(SampleState.event(.ended(SessionSummary(completion: .cancelled))), at: 190)
        #expect(renderer.render(state, size: size, at: 9_999).text.contains("0:01:30"))
    }
}
