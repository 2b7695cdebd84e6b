/// Size of the encoded pictures, in pixels.
struct PictureSize: Sendable, Hashable {
    var width: Int
    var height: Int

    var pixelCount: Int { width * height }

    /// Width and height exchanged.
    var turned: PictureSize { PictureSize(width: height, height: width) }

    /// The largest even size within the limits that keeps the source's aspect ratio and enlarges nothing.
    static func fitting(width: Int, height: Int, maximumWidth: Int, maximumHeight: Int) -> PictureSize {
        let scale = min(
            1, Double(maximumWidth) / Double(max(1, width)), Double(maximumHeight) / Double(max(1, height)))
        return PictureSize(
            width: even(Double(width) * scale, atMost: maximumWidth),
            height: even(Double(height) * scale, atMost: maximumHeight))
    }

    /// The largest even size within `limit` that keeps this one's aspect ratio and enlarges nothing.
    func fitting(_ limit: PictureSize) -> PictureSize {
        .fitting(width: width, height: height, maximumWidth: limit.width, maximumHeight: limit.height)
    }

    private static func even(_ value: Double, atMost limit: Int) -> Int {
        let nearest = Int((value / 2).rounded()) * 2
        let largest = min(limit, Int(value.rounded(.up))) / 2 * 2
        return max(2, min(nearest, largest))
    }
}
