import CInterhumanFFmpeg

/// Turns and mirrors planar 4:2:0 pictures.
struct PictureTurner {
    private let orientation: PictureOrientation

    init(_ orientation: PictureOrientation) {
        self.orientation = orientation
    }

    /// Writes `source`, turned, into `target`, whose width and height are those of the turned picture.
    func turn(_ source: MediaFrame, into target: MediaFrame) {
        let (from, to) = (source.pointer, target.pointer)
        let (width, height) = (Int(to.pointee.width), Int(to.pointee.height))
        let planes = [
            (from.pointee.data.0, from.pointee.linesize.0, to.pointee.data.0, to.pointee.linesize.0, 1),
            (from.pointee.data.1, from.pointee.linesize.1, to.pointee.data.1, to.pointee.linesize.1, 2),
            (from.pointee.data.2, from.pointee.linesize.2, to.pointee.data.2, to.pointee.linesize.2, 2),
        ]
        for (bytes, stride, turned, turnedStride, divisor) in planes {
            guard let bytes, let turned else { continue }
            turnPlane(
                bytes, stride: Int(stride), into: turned, stride: Int(turnedStride), width: width / divisor,
                height: height / divisor)
        }
    }

    /// Where the pixel at the turned picture's origin comes from, and how far one moves in the source for each step to
    /// the right and down.
    private func turnPlane(
        _ source: UnsafeMutablePointer<UInt8>, stride: Int, into target: UnsafeMutablePointer<UInt8>,
        stride targetStride: Int, width: Int, height: Int
    ) {
        let (lastColumn, lastRow) =
            orientation.swapsSides ? (height - 1, (width - 1) * stride) : (width - 1, (height - 1) * stride)
        var (origin, right, down) =
            switch orientation.rotation {
            case .none: (0, 1, stride)
            case .quarter: (lastRow, -stride, 1)
            case .half: (lastRow + lastColumn, -1, -stride)
            case .threeQuarters: (lastColumn, stride, -1)
            }
        if orientation.isMirrored {
            origin += right * (width - 1)
            right = -right
        }
        // Squares of 16 keep both the rows read and the rows written in the cache.
        let side = 16
        for top in Swift.stride(from: 0, to: height, by: side) {
            for left in Swift.stride(from: 0, to: width, by: side) {
                for y in top..<min(top + side, height) {
                    let row = target + y * targetStride
                    var place = origin + y * down + left * right
                    for x in left..<min(left + side, width) {
                        row[x] = source[place]
                        place += right
                    }
                }
            }
        }
    }
}
