/// Where things are on a screen of some size.
struct ViewLayout: Sendable, Hashable {
    var header: ScreenArea
    /// The line under the header; without rows where there is no room.
    var rule: ScreenArea
    var picture: ScreenArea
    var figures: ScreenArea
    var signals: ScreenArea
    var notice: ScreenArea
    var footer: ScreenArea
    /// Whether there is little room, so that words are short.
    var isCompact: Bool

    /// Rows that the figures take with all that they have, blanks between their groups included.
    static let figureRows = 13

    /// Lays out a screen.
    ///
    /// - Parameters:
    ///   - aspect: Width of the picture over its height; nil for a session without pictures.
    init(_ size: ScreenSize, aspect: Double?) {
        let (columns, rows) = (size.columns, size.rows)
        isCompact = columns < 64 || rows < 18
        let line = { (row: Int, isThere: Bool) in
            ScreenArea(column: 0, row: row, columns: columns, rows: isThere && row >= 0 ? 1 : 0)
        }
        header = line(0, true)
        footer = line(rows - 1, rows >= 6)
        notice = line(rows - 1 - footer.rows, rows >= 5)
        rule = line(1, !isCompact)
        let top = 1 + rule.rows
        let body = ScreenArea(
            column: 0, row: top, columns: columns, rows: rows - top - footer.rows - notice.rows)
        let split = isCompact ? Self.compact(body, aspect) : Self.roomy(body, aspect)
        (picture, figures) = (split.picture, split.figures)
        let used = max(picture.rows, figures.rows) + (isCompact ? 0 : 1)
        signals = ScreenArea(
            column: 0, row: top + used, columns: columns, rows: body.rows - used)
    }

    /// Picture on the left, figures on the right, as high as the larger of both.
    private static func roomy(_ body: ScreenArea, _ aspect: Double?) -> (picture: ScreenArea, figures: ScreenArea) {
        let limit = body.rows - max(3, min(body.rows / 3, 9))
        guard let aspect else {
            return (
                ScreenArea(column: 0, row: body.row, columns: 0, rows: 0),
                ScreenArea(column: 1, row: body.row, columns: min(body.columns - 2, 90), rows: min(figureRows, limit))
            )
        }
        let (columns, rows) = fitting(aspect, columns: max(body.columns / 2, body.columns - 76), rows: limit)
        let height = max(rows, min(figureRows, limit))
        let picture = ScreenArea(column: 1, row: body.row, columns: columns, rows: rows)
        let left = columns + 4
        return (
            picture,
            ScreenArea(column: left, row: body.row, columns: body.columns - left - 1, rows: height)
        )
    }

    /// Four lines of figures, and a stamp of a picture where it fits beside them.
    private static func compact(_ body: ScreenArea, _ aspect: Double?) -> (picture: ScreenArea, figures: ScreenArea) {
        let height = max(0, min(body.rows, body.rows >= 8 ? 4 : max(2, body.rows - 2)))
        guard let aspect, body.columns >= 36, height >= 4 else {
            return (
                ScreenArea(column: 0, row: body.row, columns: 0, rows: 0),
                ScreenArea(column: 0, row: body.row, columns: body.columns, rows: height)
            )
        }
        let (columns, rows) = fitting(aspect, columns: body.columns * 2 / 5, rows: height)
        let left = columns + 1
        return (
            ScreenArea(column: 0, row: body.row, columns: columns, rows: rows),
            ScreenArea(column: left, row: body.row, columns: body.columns - left, rows: height)
        )
    }

    /// The largest cells of an aspect ratio; a cell is twice as high as wide.
    private static func fitting(_ aspect: Double, columns: Int, rows: Int) -> (columns: Int, rows: Int) {
        let aspect = min(max(aspect, 0.2), 5)
        let height = min(rows, max(1, Int((Double(columns) / aspect / 2).rounded())))
        return (min(columns, max(1, Int((Double(height) * 2 * aspect).rounded()))), height)
    }
}
