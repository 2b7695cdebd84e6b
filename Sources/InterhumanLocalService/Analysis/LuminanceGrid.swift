import InterhumanCore

/// A picture boiled down to the mean luminance of 32 × 18 cells, 0 to 255 each.
struct LuminanceGrid: Equatable {
    static let columns = 32
    static let rows = 18

    /// Row by row from the top left.
    private(set) var cells: [Double]

    /// Measures a picture. Nil when its pixel format has no 8-bit luminance that could be read, or when its planes
    /// are smaller than its size promises.
    init?(_ frame: VideoFrame) {
        let width = frame.format.width
        let height = frame.format.height
        guard width >= Self.columns, height >= Self.rows,
            let layout = LuminanceLayout(frame.format.pixelFormat)
        else { return nil }
        let cells = frame.storage.withPlanes { planes -> [Double]? in
            guard let plane = planes.first, plane.bytesPerRow > 0 else { return nil }
            let lastByte = (height - 1) * plane.bytesPerRow + (width - 1) * layout.stride + layout.offset
            guard lastByte < plane.bytes.count else { return nil }
            return Self.measure(plane, width: width, height: height, layout: layout)
        }
        guard let cells else { return nil }
        self.cells = cells
    }

    /// Mean over all cells, 0 to 255.
    var brightness: Double {
        cells.reduce(0, +) / Double(cells.count)
    }

    /// Mean absolute difference to another picture's cells, in levels of 255.
    func difference(from other: LuminanceGrid) -> Double {
        zip(cells, other.cells).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(cells.count)
    }

    /// Samples at most 8 × 8 points a cell: enough for a mean, and the cost no longer grows with the picture.
    private static func measure(_ plane: VideoPlane, width: Int, height: Int, layout: LuminanceLayout) -> [Double] {
        var cells: [Double] = []
        cells.reserveCapacity(columns * rows)
        for row in 0..<rows {
            let ys = row * height / rows..<(row + 1) * height / rows
            for column in 0..<columns {
                let xs = column * width / columns..<(column + 1) * width / columns
                var sum = 0
                var count = 0
                for y in stride(from: ys.lowerBound, to: ys.upperBound, by: max(1, ys.count / 8)) {
                    let line = y * plane.bytesPerRow + layout.offset
                    for x in stride(from: xs.lowerBound, to: xs.upperBound, by: max(1, xs.count / 8)) {
                        sum += Int(plane.bytes[line + x * layout.stride])
                        count += 1
                    }
                }
                cells.append(Double(sum) / Double(count))
            }
        }
        return cells
    }
}

/// Where luminance bytes lie in a picture's first plane.
private struct LuminanceLayout {
    /// Byte of the first pixel.
    var offset: Int
    /// Bytes from one pixel to the next.
    var stride: Int

    init?(_ format: PixelFormat) {
        switch format {
        case .i420, .nv12, .nv21, .gray8: self.init(offset: 0, stride: 1)
        case .yuyv: self.init(offset: 0, stride: 2)
        case .uyvy: self.init(offset: 1, stride: 2)
        // Green carries most of the luminance; it stands in for it.
        case .rgb24, .bgr24: self.init(offset: 1, stride: 3)
        case .rgba, .bgra: self.init(offset: 1, stride: 4)
        default:
            guard Self.planarNames.contains(format.name) else { return nil }
            self.init(offset: 0, stride: 1)
        }
    }

    private init(offset: Int, stride: Int) {
        self.offset = offset
        self.stride = stride
    }

    /// Further 8-bit formats with luminance in a plane of its own.
    private static let planarNames: Set<String> = [
        "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "yuv440p", "yuva420p",
    ]
}
