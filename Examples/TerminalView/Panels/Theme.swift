import InterhumanCore

/// The view's colours: of middling brightness, so that they can be read on dark and on light ground. Nothing is said by
/// colour alone.
enum Theme {
    static let good = TerminalColor(70, 180, 95)
    static let middling = TerminalColor(210, 160, 50)
    static let bad = TerminalColor(220, 85, 75)
    static let accent = TerminalColor(80, 150, 225)

    static let heading = CellStyle(isBold: true)
    static let secondary = CellStyle(isDim: true)

    static func color(of state: EngagementState) -> TerminalColor? {
        switch state {
        case .engaged: good
        case .neutral: middling
        case .disengaged: bad
        case .unknown: nil
        }
    }

    static func color(of probability: SignalProbability?) -> TerminalColor? {
        switch probability {
        case .high: good
        case .medium: middling
        case .low: accent
        case .unknown, nil: nil
        }
    }
}

extension Canvas {
    /// Draws a horizontal bar: thick as far as `fraction` goes, thin beyond.
    mutating func drawBar(column: Int, row: Int, width: Int, fraction: Double, color: TerminalColor) {
        let filled = Self.columns(of: fraction, width)
        for index in 0..<max(0, width) {
            let isFilled = index < filled
            write(
                isFilled ? "━" : "─", column: column + index, row: row,
                style: isFilled ? CellStyle(color) : Theme.secondary)
        }
    }

    /// How many of `width` columns a fraction fills; something is never nothing.
    static func columns(of fraction: Double, _ width: Int) -> Int {
        guard fraction > 0, width > 0 else { return 0 }
        return min(width, max(1, Int((min(fraction, 1) * Double(width)).rounded())))
    }

    /// Writes text that ends at the right edge of an area's first row; gives the columns that are left of it.
    @discardableResult
    mutating func writeRight(_ text: String, in area: ScreenArea, style: CellStyle = .plain) -> Int {
        let width = min(DisplayText.width(of: text), area.columns)
        write(text, column: area.column + area.columns - width, row: area.row, width: width, style: style)
        return area.columns - width
    }
}
