/// Text as cells show it: without what could steer the terminal, each part with the columns that it takes.
///
/// Terminals disagree about joined emoji and variation selectors, so that a screen drawn with them goes out of step: of
/// such a sequence only its first character is shown, which all of them draw in the same two columns.
public enum DisplayText {
    /// One thing to show in one or two columns.
    struct Part: Sendable, Hashable {
        var text: String
        var width: Int
    }

    /// Most combining marks that a character may carry; more is mischief.
    private static let maximumMarks = 3

    /// The text with every control character, bidirectional control and line break as a blank or left out.
    ///
    /// - Parameter isUnicode: Whether the terminal shows more than ASCII; a question mark stands for the rest otherwise.
    static func parts(of text: some StringProtocol, isUnicode: Bool) -> [Part] {
        var parts: [Part] = []
        for part in text.lazy.flatMap(self.parts) {
            if !isUnicode, !part.text.utf8.allSatisfy({ $0 < 0x80 }) {
                parts.append(Part(text: ascii[part.text] ?? "?", width: 1))
            } else {
                parts.append(part)
            }
        }
        return parts
    }

    /// Columns that a text takes.
    public static func width(of text: some StringProtocol) -> Int {
        text.reduce(0) { $0 + parts($1).reduce(0) { $0 + $1.width } }
    }

    /// The beginning of a text that fits, with an ellipsis where something was cut.
    static func cut(_ parts: [Part], to width: Int, isUnicode: Bool) -> [Part] {
        guard width > 0 else { return [] }
        var (kept, columns) = (parts[..<0], 0)
        for (index, part) in parts.enumerated() {
            if columns + part.width > width {
                while columns + 1 > width, let last = kept.popLast() { columns -= last.width }
                return kept + [Part(text: isUnicode ? "…" : "~", width: 1)]
            }
            columns += part.width
            kept = parts[...index]
        }
        return parts
    }

    private static func parts(_ character: Character) -> [Part] {
        if let letters = flag(character) { return letters }
        return part(of: character).map { [$0] } ?? []
    }

    private static func part(of character: Character) -> Part? {
        var scalars = character.unicodeScalars.makeIterator()
        guard let first = scalars.next() else { return nil }
        if first.value < 0x20 { return blank(first) }
        switch first.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned: return nil
        case .lineSeparator, .paragraphSeparator: return Part(text: " ", width: 1)
        case .nonspacingMark, .enclosingMark, .spacingMark: return nil
        default: break
        }
        var text = String(first)
        var marks = 0
        while let mark = scalars.next(), marks < maximumMarks, isMark(mark) {
            text.unicodeScalars.append(mark)
            marks += 1
        }
        return Part(text: text, width: isWide(first) ? 2 : 1)
    }

    /// A flag as the two letters that it is made of, as terminals without flags show it; nil for anything else.
    private static func flag(_ character: Character) -> [Part]? {
        let indicators: ClosedRange<UInt32> = 0x1F1E6...0x1F1FF
        let scalars = character.unicodeScalars.prefix(2)
        guard scalars.allSatisfy({ indicators.contains($0.value) }) else { return nil }
        return scalars.compactMap { Unicode.Scalar($0.value - indicators.lowerBound + 0x41) }
            .map { Part(text: String($0), width: 1) }
    }

    /// Tabs and line breaks separate words; the rest of the controls says nothing to people.
    private static func blank(_ scalar: Unicode.Scalar) -> Part? {
        (0x09...0x0D).contains(scalar.value) ? Part(text: " ", width: 1) : nil
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        let category = scalar.properties.generalCategory
        return (category == .nonspacingMark || category == .enclosingMark)
            && !(0xFE00...0xFE0F).contains(scalar.value) && !(0xE0100...0xE01EF).contains(scalar.value)
    }

    /// Unicode's East Asian Width W and F (UAX #11), where it is not told by the emoji presentation.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0xA4CF,
        0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
        0xFFE0...0xFFE6, 0x16FE0...0x16FF1, 0x17000...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265, 0x20000...0x3FFFD,
    ]

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x1100 else { return false }
        return wide.contains { $0.contains(scalar.value) } || scalar.properties.isEmojiPresentation
    }

    /// What stands for the signs of the view, and for usual punctuation, in a terminal that knows ASCII only.
    private static let ascii: [String: String] = [
        "●": "*", "○": "o", "◌": "o", "▀": "\"", "█": "#", "░": "-", "▒": "=", "▓": "#", "─": "-", "━": "=", "│": "|",
        "·": "|", "…": "~", "−": "-", "–": "-", "—": "-", "‘": "'", "’": "'", "“": "\"", "”": "\"", "▂": "_", "▅": "=",
        "▇": "#", "‖": "=", "↻": "@", "▲": "!", "✓": "+", "×": "x", "°": "o", "\u{A0}": " ", "┃": "|",
    ]
}
