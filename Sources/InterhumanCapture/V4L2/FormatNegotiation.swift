import InterhumanCore

/// What to ask of a driver: one format, size and interval, and why.
struct FormatChoice: Sendable, Equatable {
    var fourCC: FourCC
    var pixelFormat: PixelFormat
    var width: Int
    var height: Int
    /// Nil where the driver names no intervals.
    var interval: FrameInterval?
    /// Bytes a second on the bus; nil for compressed formats, whose rate nobody knows before.
    var bytesPerSecond: Double?
    /// Why this choice stands where it does, for people.
    var reason: String
}

/// Orders what a camera offers by the stated policy: the wanted frame rate first, then the size, then the format that
/// costs least; MJPEG where raw pixels exceed the bus; compressed video and software formats only when asked for or
/// when there is nothing else.
struct FormatNegotiation {
    var configuration: CameraConfiguration
    /// Whether the camera hangs on USB, whose bandwidth two cameras share.
    var isUSB: Bool

    /// USB 2.0 moves at most 24.6 MB/s of video: 3,072 bytes in each of 8,000 microframes.
    private static let usbLimit = 24_000_000.0

    /// The choices, best first.
    func choices(among formats: [CameraFormat]) -> [FormatChoice] {
        formats.filter(isAllowed).flatMap(candidates).sorted { $0.rank < $1.rank }.map(\.choice)
    }

    private func isAllowed(_ format: CameraFormat) -> Bool {
        guard let pixelFormat = format.pixelFormat else { return false }
        if let wanted = configuration.pixelFormat { return pixelFormat == wanted }
        return pixelFormat != .h264
    }

    private func candidates(of format: CameraFormat) -> [(rank: Rank, choice: FormatChoice)] {
        guard let pixelFormat = format.pixelFormat else { return [] }
        return format.sizes.map { size in
            let (width, height) = size.nearest(width: configuration.width, height: configuration.height)
            let interval = size.intervals.map { $0.nearest(to: configuration.frameRate) }
                .min { distance(of: $0) < distance(of: $1) }
            let rate = interval?.framesPerSecond ?? configuration.frameRate
            let bytes = Self.bitsPerPixel(pixelFormat).map { Double(width * height) * $0 / 8 * rate }
            let exceeds = bytes.map { $0 > limit } ?? false
            let rank = Rank(
                rateShortfall: shortfall(rate), sizeDistance: sizeDistance(width, height),
                cost: Self.cost(pixelFormat) + (exceeds ? 100 : 0) + (format.isEmulated ? 1000 : 0),
                rateExcess: max(0, rate - configuration.frameRate))
            let choice = FormatChoice(
                fourCC: format.fourCC, pixelFormat: pixelFormat, width: width, height: height, interval: interval,
                bytesPerSecond: bytes, reason: reason(rank, isEmulated: format.isEmulated, exceeds: exceeds))
            return (rank, choice)
        }
    }

    private struct Rank: Comparable {
        var rateShortfall: Double
        var sizeDistance: Double
        var cost: Int
        var rateExcess: Double

        static func < (left: Rank, right: Rank) -> Bool {
            (left.rateShortfall, left.sizeDistance, left.cost, left.rateExcess)
                < (right.rateShortfall, right.sizeDistance, right.cost, right.rateExcess)
        }
    }

    private var limit: Double {
        configuration.rawBandwidthLimit ?? (isUSB ? Self.usbLimit : .infinity)
    }

    /// Missing share of the wanted rate; one per cent is NTSC's and no loss.
    private func shortfall(_ rate: Double) -> Double {
        let missing = 1 - rate / max(configuration.frameRate, 0.001)
        return missing > 0.01 ? missing : 0
    }

    /// Too slow is worse than too fast.
    private func distance(of interval: FrameInterval) -> (Double, Double) {
        let rate = interval.framesPerSecond
        return (shortfall(rate), abs(rate - configuration.frameRate))
    }

    /// 0 for the wanted size, growing with the factor between the areas either way and with another aspect.
    private func sizeDistance(_ width: Int, _ height: Int) -> Double {
        func factor(_ left: Double, _ right: Double) -> Double { max(left / right, right / left) - 1 }
        let (wantedWidth, wantedHeight) = (Double(max(1, configuration.width)), Double(max(1, configuration.height)))
        let area = factor(Double(width * height), wantedWidth * wantedHeight)
        return area + factor(Double(width) / Double(height), wantedWidth / wantedHeight)
    }

    private func reason(_ rank: Rank, isEmulated: Bool, exceeds: Bool) -> String {
        var parts: [String] = []
        if configuration.pixelFormat != nil { parts.append("the format was asked for") }
        parts.append(rank.rateShortfall == 0 ? "it holds the frame rate" : "no format is faster")
        parts.append(rank.sizeDistance == 0 ? "it has the size" : "the size is the nearest")
        if exceeds { parts.append("raw pixels strain the bus and there is no MJPEG") }
        if isEmulated { parts.append("libv4l converts, as the camera's own formats are unknown here") }
        return parts.joined(separator: ", ")
    }

    /// Relative cost of taking a format to the encoder: planar 4:2:0 needs least, MJPEG must be decoded.
    private static func cost(_ format: PixelFormat) -> Int {
        switch format {
        case .i420, .nv12, .nv21: 0
        case .yuyv, .uyvy: 1
        case .rgb24, .bgr24: 2
        case .mjpeg: 10
        case .gray8: 50
        default: 60
        }
    }

    /// Bits of a raw pixel, nil for compressed formats.
    private static func bitsPerPixel(_ format: PixelFormat) -> Double? {
        switch format {
        case .i420, .nv12, .nv21: 12
        case .yuyv, .uyvy: 16
        case .rgb24, .bgr24: 24
        case .gray8: 8
        default: nil
        }
    }
}
