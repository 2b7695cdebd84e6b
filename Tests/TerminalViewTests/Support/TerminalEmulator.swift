@testable import TerminalView

/// A terminal of the simplest kind: places the cursor, sets attributes, erases, writes. It fails on what it doesn't know.
struct TerminalEmulator: Equatable {
    struct Cell: Equatable {
        var text = " "
        /// The SGR parameters in force when it was written.
        var attributes = ""
        /// Whether it is the right half of the character before.
        var isRightHalf = false
    }

    let size: ScreenSize
    private(set) var cells: [Cell]
    private(set) var unknown: [String] = []
    private var (column, row) = (0, 0)
    private var attributes = ""
    /// Whether it moves the cursor by one column for characters that take two, as some terminals do for some.
    var takesWideForNarrow = false

    init(_ size: ScreenSize) {
        self.size = size
        cells = Array(repeating: Cell(), count: size.columns * size.rows)
    }

    static func == (left: Self, right: Self) -> Bool { left.cells == right.cells }

    /// The screen as text, without the blanks at the ends of lines.
    var text: String {
        (0..<size.rows).map { row in
            var line = cells[(row * size.columns)..<((row + 1) * size.columns)].filter { !$0.isRightHalf }
                .map(\.text).joined()
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    mutating func feed(_ text: String) {
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "\u{1B}" else {
                write(scalar)
                continue
            }
            guard rest.popFirst() == "[" else {
                unknown.append("escape")
                continue
            }
            let parameters = rest.prefix { !("@"..."~").contains($0) }
            rest = rest.dropFirst(parameters.count)
            obey(rest.popFirst() ?? "@", String(String.UnicodeScalarView(parameters)))
        }
    }

    private mutating func obey(_ command: Unicode.Scalar, _ parameters: String) {
        let numbers = parameters.split(separator: ";").compactMap { Int($0) }
        switch command {
        case "H" where numbers.count == 2: (row, column) = (numbers[0] - 1, numbers[1] - 1)
        case "J" where parameters == "2": cells = Array(repeating: Cell(), count: cells.count)
        case "m" where parameters.hasPrefix("0"): attributes = parameters == "0" ? "" : parameters
        default: unknown.append("\(parameters)\(command)")
        }
    }

    private mutating func write(_ scalar: Unicode.Scalar) {
        let width = DisplayText.width(of: String(scalar))
        if width == 0 {
            guard scalar.value >= 0xA0, column > 0 else { return unknown.append("U+\(scalar.value)") }
            // A combining mark joins the character before it.
            var place = row * size.columns + column - 1
            if cells[place].isRightHalf { place -= 1 }
            cells[place].text.unicodeScalars.append(scalar)
            return
        }
        guard (0..<size.rows).contains(row), column + width <= size.columns else {
            return unknown.append("outside \(column), \(row)")
        }
        clear(column)
        if width == 2 { clear(column + 1) }
        let place = row * size.columns + column
        cells[place] = Cell(text: String(scalar), attributes: attributes)
        if width == 2 { cells[place + 1] = Cell(text: "", attributes: attributes, isRightHalf: true) }
        column += takesWideForNarrow ? 1 : width
    }

    /// Writing into one half of a wide character blanks the other.
    private mutating func clear(_ column: Int) {
        let place = row * size.columns + column
        if cells[place].isRightHalf, column > 0 { cells[place - 1].text = " " }
        if column + 1 < size.columns, cells[place + 1].isRightHalf { cells[place + 1] = Cell() }
        cells[place] = Cell()
    }
}
