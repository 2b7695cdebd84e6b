/// Makes escape sequences of the difference between what a terminal shows and what it should show.
///
/// Uses nothing beyond cursor positions, SGR and erasing, which every terminal since the VT100 has.
public struct FramePainter: Sendable {
    private let depth: ColorDepth
    /// Unchanged cells between two changed ones that are cheaper to write again than to step over.
    private let bridge = 4

    /// Creates a painter for a terminal of so many colours.
    public init(_ depth: ColorDepth) {
        self.depth = depth
    }

    /// What to send to a terminal that shows `shown`, so that it shows `wanted`; empty when it does so already.
    ///
    /// - Parameter shown: What it shows; nil when that is unknown. Another size counts as unknown.
    public func sequence(from shown: Canvas?, to wanted: Canvas) -> String {
        let known = shown.flatMap { $0.size == wanted.size ? $0 : nil }
        var output = Output(depth: depth)
        if known == nil { output.text = "\u{1B}[0m\u{1B}[2J" }
        let before = known ?? Canvas(wanted.size, isUnicode: wanted.isUnicode)
        for row in 0..<wanted.size.rows { paint(row, from: before.row(row), to: wanted.row(row), into: &output) }
        if output.style != nil { output.text += "\u{1B}[0m" }
        return output.text
    }

    private func paint(_ row: Int, from shown: ArraySlice<Cell>, to wanted: ArraySlice<Cell>, into output: inout Output)
    {
        // Most rows of most frames.
        guard shown != wanted else { return }
        let (old, new) = (Array(shown), Array(wanted))
        var column = 0
        while column < new.count {
            guard old[column] != new[column] else {
                column += 1
                continue
            }
            // The right half goes with the left one.
            if new[column].width == 0, column > 0 { column -= 1 }
            var end = column
            var last = column
            while end < new.count, end - last <= bridge {
                if old[end] != new[end] { last = end }
                end += 1
            }
            while column <= last {
                output.write(new[column], column, row)
                column += max(1, new[column].width)
            }
        }
    }

    private struct Output {
        let depth: ColorDepth
        var text = ""
        /// What was set last; nil at first.
        private(set) var style: CellStyle?
        /// Where the cursor is; nil when that is not sure.
        private var place: (column: Int, row: Int)?

        init(depth: ColorDepth) {
            self.depth = depth
        }

        mutating func write(_ cell: Cell, _ column: Int, _ row: Int) {
            if place.map({ $0 != (column, row) }) ?? true { text += "\u{1B}[\(row + 1);\(column + 1)H" }
            if style != cell.style {
                text += cell.style.escapeSequence(depth)
                style = cell.style
            }
            text += cell.text
            // Terminals disagree about how far wide and combined characters move the cursor.
            let isSure = cell.width == 1 && cell.text.unicodeScalars.count == 1
            place = isSure ? (column + 1, row) : nil
        }
    }
}
