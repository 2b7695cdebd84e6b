import Glibc
import InterhumanCore
import Testing

@testable import TerminalView

@Suite("Text in cells")
struct DisplayTextTests {
    @Test(
        "Columns that text takes",
        arguments: [
            ("abc", 3), ("", 0), ("é", 1), ("e\u{301}", 1), ("幅広", 4), ("한글", 4), ("ｱ", 1), ("Ａ", 2), ("😀", 2),
            ("👩‍💻", 2), ("❤️", 1), ("🇩🇪", 2), ("👍🏽", 2), ("\u{200B}", 0), ("\u{1B}[31m", 4), ("a\u{7F}\u{85}b", 2),
            ("▀━●", 3), ("\u{301}", 0),
        ])
    func widths(text: String, expected: Int) {
        #expect(DisplayText.width(of: text) == expected)
    }

    @Test(
        "What could steer the terminal is gone",
        arguments: [
            ("a\u{1B}[2Jb", "a[2Jb"), ("a\u{9B}2Jb", "a2Jb"), ("x\r\ny\tz", "x y z"), ("\u{202E}evil\u{2066}", "evil"),
            ("\u{1B}]0;t\u{7}", "]0;t"), ("a\u{2028}b", "a b"), ("\u{FEFF}\u{E000}\u{10FFFF}k", "k"), ("\0\u{8}z", "z"),
        ])
    func controls(text: String, expected: String) {
        #expect(DisplayText.parts(of: text, isUnicode: true).map(\.text).joined() == expected)
    }

    @Test("Marks beyond reason are left out")
    func marks() {
        let parts = DisplayText.parts(of: "a" + String(repeating: "\u{301}", count: 1000), isUnicode: true)
        #expect(parts.map { $0.text.unicodeScalars.count } == [4])
    }

    @Test(
        "Cut to columns, never through a character",
        arguments: [
            ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("幅広い", 5, "幅広…"), ("幅広い", 4, "幅…"), ("幅", 1, "…"),
            ("abc", 0, ""), ("a幅", 2, "a…"),
        ])
    func cutting(text: String, width: Int, expected: String) {
        let parts = DisplayText.cut(DisplayText.parts(of: text, isUnicode: true), to: width, isUnicode: true)
        #expect(parts.map(\.text).joined() == expected)
        #expect(parts.reduce(0) { $0 + $1.width } <= width)
    }

    @Test("ASCII terminals get ASCII")
    func ascii() {
        let parts = DisplayText.parts(of: "● “naïve” – 幅…", isUnicode: false)
        #expect(parts.map(\.text).joined() == "* \"na?ve\" - ?~")
    }

    @Test("Width agrees with the C library's for what both know")
    func systemWidth() throws {
        let locale = try #require(newlocale(LC_CTYPE_MASK, "C.UTF-8", nil))
        let before = uselocale(locale)
        defer {
            uselocale(before)
            freelocale(locale)
        }
        // The module map of the C library leaves it out.
        typealias Width = @convention(c) (wchar_t) -> Int32
        let wcwidth = unsafeBitCast(try #require(dlsym(dlopen(nil, RTLD_NOW), "wcwidth")), to: Width.self)
        var different: [UInt32] = []
        for value in UInt32(0x20)..<0x20000 {
            guard let scalar = Unicode.Scalar(value), value != 0xAD else { continue }
            let width = DisplayText.width(of: String(scalar))
            let system = Int(wcwidth(wchar_t(value)))
            // A regional indicator alone is no flag, and shown as a letter.
            guard width > 0, system > 0, width != system else { continue }
            different.append(value)
        }
        // The two know different versions of Unicode.
        #expect(different.count < 20, "\(different.map { String($0, radix: 16) })")
    }

    @Test(
        "Lines are broken between words",
        arguments: [
            ("one two three", 7, 2, ["one two", "three"]), ("one two three four", 7, 2, ["one two", "three …"]),
            ("abcdefghij kl", 4, 3, ["abcd", "efgh", "ij …"]), ("", 5, 2, []), ("a  b", 5, 1, ["a b"]),
            ("abcdefghij", 4, 1, ["abc…"]), ("幅広い言葉", 5, 2, ["幅広", "い言…"]),
        ])
    func wrapping(text: String, width: Int, count: Int, expected: [String]) {
        #expect(TextWrapping.lines(text, width: width, count: count, isUnicode: true) == expected)
    }

    @Test("Wrapped lines fit, whatever the text")
    func wrappingFits() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<2_000 {
            let pieces = ["a", "bb ", "幅", " ", "ccccccc", "😀", "e\u{301}"]
            let text = (0..<Int.random(in: 0...30, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let (width, count) = (Int.random(in: 2...12, using: &random), Int.random(in: 1...4, using: &random))
            let lines = TextWrapping.lines(text, width: width, count: count, isUnicode: true)
            #expect(lines.count <= count)
            #expect(lines.allSatisfy { DisplayText.width(of: $0) <= width }, "\(text) \(width) \(count) \(lines)")
        }
    }
}
