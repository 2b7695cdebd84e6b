import InterhumanCore

extension Canvas {
    /// From dark to bright, for terminals without colours, which are taken to be dark.
    private static let ramp = Array(" .:-=+*#%@").map(String.init)

    /// Draws a picture as large as an area allows, in its middle, each half of a cell a pixel.
    ///
    /// Without colours a cell's brightness is shown by how dark its character is; without Unicode a cell is one pixel.
    mutating func draw(_ picture: RGBPicture, in area: ScreenArea, depth: ColorDepth) {
        let (columns, rows) = Self.fitting(picture, area)
        guard columns > 0, rows > 0 else { return }
        let pixels = Sampling(picture: picture, columns: columns, rows: rows * 2)
        let left = area.column + (area.columns - columns) / 2
        let top = area.row + (area.rows - rows) / 2
        for row in 0..<rows {
            for column in 0..<columns {
                let (upper, lower) = (pixels[column, row * 2], pixels[column, row * 2 + 1])
                put(cell(upper, lower, depth), column: left + column, row: top + row)
            }
        }
    }

    /// Cells that the picture takes in an area.
    static func fitting(_ picture: RGBPicture, _ area: ScreenArea) -> (columns: Int, rows: Int) {
        guard area.columns > 0, area.rows > 0 else { return (0, 0) }
        let scale = min(
            Double(area.columns) / Double(picture.width), Double(area.rows * 2) / Double(picture.height))
        let columns = max(1, Int((Double(picture.width) * scale).rounded()))
        let rows = max(1, Int((Double(picture.height) * scale / 2).rounded()))
        return (min(columns, area.columns), min(rows, area.rows))
    }

    private func cell(_ upper: TerminalColor, _ lower: TerminalColor, _ depth: ColorDepth) -> Cell {
        guard depth >= .indexed256 else {
            let brightness = (upper.luminance + lower.luminance) / 2
            return Cell(text: Self.ramp[brightness * (Self.ramp.count - 1) / 255], style: .plain, width: 1)
        }
        guard isUnicode, upper != lower else {
            return Cell(text: " ", style: CellStyle(on: upper.mixed(with: lower, 0.5)), width: 1)
        }
        return Cell(text: "▀", style: CellStyle(upper, on: lower), width: 1)
    }

    /// The pixels of a picture at another size, the nearest for each.
    private struct Sampling {
        let picture: RGBPicture
        let columns: Int
        let rows: Int

        subscript(column: Int, row: Int) -> TerminalColor {
            let x = min(picture.width - 1, (2 * column + 1) * picture.width / (2 * columns))
            let y = min(picture.height - 1, (2 * row + 1) * picture.height / (2 * rows))
            let place = (y * picture.width + x) * 3
            return TerminalColor(picture.pixels[place], picture.pixels[place + 1], picture.pixels[place + 2])
        }
    }
}
