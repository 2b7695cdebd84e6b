/// One character cell of a screen.
public struct Cell: Sendable, Hashable {
    /// What stands in it; empty in the right half of a wide character.
    public var text: String
    /// How it looks.
    public var style: CellStyle
    /// Columns that `text` takes: 1, 2, or 0 for the right half of a wide character.
    public var width: Int

    /// A blank.
    public static let blank = Cell(text: " ", style: .plain, width: 1)
}

/// A size or a place on the screen, in columns and rows from the top left.
public struct ScreenSize: Sendable, Hashable {
    public var columns: Int
    public var rows: Int

    /// Creates a size, kept between 1 and 1,000: what a terminal reports is not always true.
    public init(columns: Int, rows: Int) {
        self.columns = min(max(columns, 1), 1000)
        self.rows = min(max(rows, 1), 1000)
    }
}

/// A part of the screen.
public struct ScreenArea: Sendable, Hashable {
    public var column: Int
    public var row: Int
    public var columns: Int
    public var rows: Int

    /// Creates an area; `column` and `row` are its top left.
    public init(column: Int, row: Int, columns: Int, rows: Int) {
        (self.column, self.row, self.columns, self.rows) = (column, row, max(0, columns), max(0, rows))
    }

    /// One of its rows.
    func line(_ index: Int) -> ScreenArea {
        ScreenArea(column: column, row: row + index, columns: columns, rows: index < rows ? 1 : 0)
    }
}

/// A screen's cells, to be drawn on. What lies outside is cut off.
public struct Canvas: Sendable, Hashable {
    /// Its size.
    public let size: ScreenSize
    /// Whether it may hold more than ASCII.
    public let isUnicode: Bool
    private var cells: [Cell]

    /// Creates an empty canvas.
    public init(_ size: ScreenSize, isUnicode: Bool = true) {
        (self.size, self.isUnicode) = (size, isUnicode)
        cells = Array(repeating: .blank, count: size.columns * size.rows)
    }

    /// A cell; both are counted from 0 and within the size.
    public subscript(column: Int, row: Int) -> Cell { cells[row * size.columns + column] }

    /// The cells of a row.
    func row(_ row: Int) -> ArraySlice<Cell> { cells[(row * size.columns)..<((row + 1) * size.columns)] }

    /// The screen as text, without the blanks at the ends of lines: for tests and documents.
    public var text: String {
        (0..<size.rows).map { row in
            var line = self.row(row).reduce(into: "") { $0 += $1.text }
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    /// Writes text from a place on, cut to `width` columns and to the canvas.
    ///
    /// - Returns: the columns that it took.
    @discardableResult
    public mutating func write(
        _ text: some StringProtocol, column: Int, row: Int, width: Int = .max, style: CellStyle = .plain
    ) -> Int {
        guard (0..<size.rows).contains(row), column >= 0, column < size.columns else { return 0 }
        let room = min(width, size.columns - column)
        // What can't be shown anyway need not be measured: a peer's text may be of any length.
        let parts = DisplayText.parts(of: text.prefix(4 * max(0, room) + 16), isUnicode: isUnicode)
        var place = column
        for part in DisplayText.cut(parts, to: room, isUnicode: isUnicode) {
            put(Cell(text: part.text, style: style, width: part.width), column: place, row: row)
            place += part.width
        }
        return place - column
    }

    /// Fills an area with a cell of one column.
    mutating func fill(_ area: ScreenArea, with cell: Cell) {
        for row in area.row..<(area.row + area.rows) where (0..<size.rows).contains(row) {
            for column in area.column..<(area.column + area.columns) where (0..<size.columns).contains(column) {
                put(cell, column: column, row: row)
            }
        }
    }

    /// Puts a cell in its place; half of a wide character that it covers leaves a blank.
    mutating func put(_ cell: Cell, column: Int, row: Int) {
        guard (0..<size.rows).contains(row), column >= 0, column + max(1, cell.width) <= size.columns else { return }
        clear(column, row)
        if cell.width == 2 { clear(column + 1, row) }
        cells[row * size.columns + column] = cell
        if cell.width == 2 {
            cells[row * size.columns + column + 1] = Cell(text: "", style: cell.style, width: 0)
        }
    }

    private mutating func clear(_ column: Int, _ row: Int) {
        let place = row * size.columns + column
        switch cells[place].width {
        case 0 where column > 0:
            cells[place - 1] = Cell(text: " ", style: cells[place - 1].style, width: 1)
            cells[place] = Cell(text: " ", style: cells[place].style, width: 1)
        case 2 where column + 1 < size.columns:
            cells[place + 1] = Cell(text: " ", style: cells[place + 1].style, width: 1)
            cells[place] = Cell(text: " ", style: cells[place].style, width: 1)
        default: break
        }
    }
}
