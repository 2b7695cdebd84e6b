import InterhumanCore

/// Where the planes of a picture lie in a single-planar V4L2 buffer: one after the other, the first with the
/// granted bytes a line.
struct FrameLayout: Sendable, Equatable {
    /// A plane's rows; `count` bytes from `offset`.
    struct Plane: Sendable, Equatable {
        var offset: Int
        var bytesPerRow: Int
        var count: Int
    }

    /// The planes, empty for compressed formats.
    var planes: [Plane]
    /// Bytes that a whole picture takes; 0 for compressed formats.
    var byteCount: Int

    /// The layout of `format` with `bytesPerLine` granted for the first plane; nil for formats without one.
    init?(format: VideoFormat, bytesPerLine: Int) {
        guard format.width > 0, format.height > 0, format.width <= 32_768, format.height <= 32_768,
            bytesPerLine <= 1 << 20
        else { return nil }
        guard !format.pixelFormat.isCompressed else {
            self.init(planes: [])
            return
        }
        let chromaRows = (format.height + 1) / 2
        func line(_ bytesPerPixel: Int) -> Int { max(bytesPerLine, format.width * bytesPerPixel) }
        switch format.pixelFormat {
        case .i420:
            let luma = max(bytesPerLine, (format.width + 1) / 2 * 2)
            self.init(rows: [(luma, format.height), (luma / 2, chromaRows), (luma / 2, chromaRows)])
        case .nv12, .nv21:
            self.init(rows: [(line(1), format.height), (line(1), chromaRows)])
        case .yuyv, .uyvy: self.init(rows: [(line(2), format.height)])
        case .rgb24, .bgr24: self.init(rows: [(line(3), format.height)])
        case .gray8: self.init(rows: [(line(1), format.height)])
        default: return nil
        }
    }

    private init(rows: [(bytesPerRow: Int, rows: Int)]) {
        var planes: [Plane] = []
        var offset = 0
        for (bytesPerRow, rows) in rows {
            planes.append(Plane(offset: offset, bytesPerRow: bytesPerRow, count: bytesPerRow * rows))
            offset += bytesPerRow * rows
        }
        self.init(planes: planes)
    }

    private init(planes: [Plane]) {
        self.planes = planes
        byteCount = planes.last.map { $0.offset + $0.count } ?? 0
    }
}
