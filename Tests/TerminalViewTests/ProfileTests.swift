import Testing
import TerminalView

@Suite("What a terminal can show")
struct ProfileTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var environment: [String: String]
        var depth: ColorDepth
        var testDescription: String { "\(environment)" }

        init(_ environment: [String: String], _ depth: ColorDepth) {
            (self.environment, self.depth) = (environment, depth)
        }
    }

    @Test(
        "Colours by TERM, COLORTERM, NO_COLOR, FORCE_COLOR and TMUX",
        arguments: [
            Case(["TERM": "xterm"], .sixteen), Case(["TERM": "xterm-256color"], .indexed256),
            Case(["TERM": "xterm-256color", "COLORTERM": "truecolor"], .trueColor),
            Case(["TERM": "xterm", "COLORTERM": "24bit"], .trueColor),
            Case(["TERM": "xterm-256color", "COLORTERM": "yes"], .indexed256),
            Case(["TERM": "xterm-kitty"], .trueColor), Case(["TERM": "xterm-direct"], .trueColor),
            Case(["TERM": "linux"], .sixteen), Case(["TERM": "vt220"], .monochrome),
            // GNU screen inherits the variable from the terminal around it.
            Case(["TERM": "screen", "COLORTERM": "truecolor"], .sixteen),
            Case(["TERM": "screen-256color", "COLORTERM": "truecolor"], .indexed256),
            Case(["TERM": "screen.xterm-256color", "COLORTERM": "truecolor"], .indexed256),
            Case(["TERM": "screen", "FORCE_COLOR": "3"], .trueColor),
            Case(["TERM": "screen"], .sixteen), Case(["TERM": "screen", "TMUX": "/tmp/t,1,0"], .sixteen),
            Case(["TERM": "screen-256color", "TMUX": "/tmp/t,1,0"], .indexed256),
            Case(["TERM": "screen", "TMUX": "/tmp/t,1,0", "COLORTERM": "truecolor"], .trueColor),
            Case(["TERM": "tmux-256color", "TMUX": "/tmp/t,1,0", "COLORTERM": "truecolor"], .trueColor),
            Case(["TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"], .monochrome),
            Case(["TERM": "xterm-256color", "NO_COLOR": ""], .indexed256),
            Case(["TERM": "xterm-kitty", "NO_COLOR": "1", "FORCE_COLOR": "3"], .monochrome),
            Case(["TERM": "xterm-kitty", "FORCE_COLOR": "0"], .monochrome),
            Case(["TERM": "dumb", "COLORTERM": "truecolor"], .monochrome), Case([:], .monochrome),
        ])
    func colours(_ example: Case) {
        #expect(TerminalProfile(environment: example.environment).depth == example.depth)
    }

    @Test(
        "Where the cursor can't be placed",
        arguments: [("dumb", false), ("", false), ("unknown", false), ("vt100", true)])
    func cursor(term: String, expected: Bool) {
        #expect(TerminalProfile(environment: ["TERM": term]).placesCursor == expected)
    }

    @Test(
        "Unicode by the locale, the first variable that is set deciding",
        arguments: [
            (["LANG": "de_DE.UTF-8"], true), (["LANG": "C.utf8"], true), (["LANG": "C"], false), ([:], false),
            (["LC_ALL": "C", "LANG": "en_US.UTF-8"], false),
            (["LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LANG": "C"], true),
            (["LC_CTYPE": "POSIX", "LANG": "en_US.UTF-8"], false),
        ] as [([String: String], Bool)])
    func unicode(environment: [String: String], expected: Bool) {
        #expect(TerminalProfile(environment: environment).isUnicode == expected)
    }
}
