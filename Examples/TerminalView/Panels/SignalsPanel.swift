import InterhumanCore
import InterhumanSession

/// The signals: those that are there with the service's reasons, then those that went, fading.
struct SignalsPanel {
    let state: ViewState
    let now: Double
    let profile: TerminalProfile
    let isCompact: Bool

    func draw(in area: ScreenArea, on canvas: inout Canvas) {
        var row = 0
        if !isCompact, area.rows > 1 {
            canvas.write(" Signals", column: area.column, row: area.row, style: Theme.heading)
            row = 1
        }
        let entries = Array(state.signals.shown(at: state.stopped ?? now).prefix(area.rows - row))
        guard !entries.isEmpty else {
            if area.rows > row {
                canvas.write(
                    " none yet", column: area.column, row: area.row + row, width: area.columns,
                    style: Theme.secondary)
            }
            return
        }
        // Room that is left over lets reasons go on, on a second and third line, those of the newest first.
        var spare = area.rows - row - entries.count
        for entry in entries {
            let height = entry.vanished == nil ? 1 + min(2, spare) : 1
            let slot = ScreenArea(column: area.column, row: area.row + row, columns: area.columns, rows: height)
            let used = draw(entry, in: slot, on: &canvas)
            row += used
            spare -= used - 1
        }
    }

    /// Gives the lines that it took.
    private func draw(_ entry: SignalBoard.Entry, in area: ScreenArea, on canvas: inout Canvas) -> Int {
        let isOver = entry.vanished != nil
        let style = style(of: entry)
        let mark = isOver ? style : CellStyle(Theme.color(of: entry.probability))
        canvas.write(isOver ? " ○ " : " ● ", column: area.column, row: area.row, width: area.columns, style: mark)
        let nameWidth = isCompact ? 14 : 16
        canvas.write(
            entry.type.rawValue, column: area.column + 3, row: area.row,
            width: min(nameWidth - 1, area.columns - 3),
            style: CellStyle(style.foreground, isBold: !isOver, isDim: style.isDim))
        var column = area.column + 3 + nameWidth - (isCompact ? 1 : 0)
        if let vanished = entry.vanished {
            let ago = "over \(Figures.age((state.stopped ?? now) - vanished)) ago"
            canvas.write(
                ago, column: column, row: area.row, width: area.columns - column, style: style)
            return 1
        }
        let probability = entry.probability?.rawValue ?? ""
        canvas.write(
            probability, column: column, row: area.row, width: min(7, area.columns - column), style: mark)
        column += 8
        if !isCompact {
            let age = Figures.age((state.stopped ?? now) - entry.appeared)
            let padded = String(repeating: " ", count: max(0, 6 - age.count)) + age
            canvas.write(padded, column: column, row: area.row, width: 6, style: Theme.secondary)
            column += 8
        }
        return drawReason(
            entry.rationale,
            in: ScreenArea(
                column: column, row: area.row, columns: area.columns - column - (isCompact ? 0 : 1), rows: area.rows),
            on: &canvas)
    }

    private func drawReason(_ text: String, in area: ScreenArea, on canvas: inout Canvas) -> Int {
        guard area.columns > 3 else { return 1 }
        let lines = TextWrapping.lines(text, width: area.columns, count: area.rows, isUnicode: canvas.isUnicode)
        for (index, line) in lines.enumerated() {
            canvas.write(line, column: area.column, row: area.row + index, width: area.columns)
        }
        return max(1, lines.count)
    }

    /// What is over fades while it is remembered.
    private func style(of entry: SignalBoard.Entry) -> CellStyle {
        guard let vanished = entry.vanished else { return .plain }
        guard profile.depth >= .indexed256 else { return Theme.secondary }
        let share = ((state.stopped ?? now) - vanished) / SignalBoard.memory
        return CellStyle(TerminalColor(150, 150, 150).mixed(with: TerminalColor(90, 90, 90), share))
    }
}

/// Breaks text between words.
enum TextWrapping {
    /// At most `count` lines of at most `width` columns; the last ends with an ellipsis where text is left over.
    static func lines(_ text: String, width: Int, count: Int, isUnicode: Bool) -> [String] {
        let parts = DisplayText.parts(of: text.prefix(4 * width * count + 16), isUnicode: isUnicode)
        let words = parts.split { $0.text == " " }.map(Array.init)
        var lines: [[DisplayText.Part]] = []
        var line: [DisplayText.Part] = []
        for (index, word) in words.enumerated() {
            let blank = line.isEmpty ? [] : [DisplayText.Part(text: " ", width: 1)]
            if columns(line + blank + word) <= width {
                line += blank + word
                continue
            }
            if lines.count == count - 1 {
                let rest = words[index...].joined(separator: [DisplayText.Part(text: " ", width: 1)])
                line = DisplayText.cut(line + blank + rest, to: width, isUnicode: isUnicode)
                break
            }
            if !line.isEmpty { lines.append(line) }
            line = word
            // A word that is longer than a line is broken where the line ends.
            while columns(line) > width, lines.count < count - 1 {
                let head = head(of: line, width)
                lines.append(Array(line[..<head]))
                line = Array(line[head...])
            }
            if columns(line) > width { line = DisplayText.cut(line, to: width, isUnicode: isUnicode) }
        }
        if !line.isEmpty { lines.append(line) }
        return lines.map { $0.map(\.text).joined() }
    }

    private static func columns(_ parts: [DisplayText.Part]) -> Int { parts.reduce(0) { $0 + $1.width } }

    /// How many parts fit; at least one, so that there is progress.
    private static func head(of parts: [DisplayText.Part], _ width: Int) -> Int {
        var (count, columns) = (0, 0)
        while count < parts.count, columns + parts[count].width <= width {
            columns += parts[count].width
            count += 1
        }
        return max(1, count)
    }
}
