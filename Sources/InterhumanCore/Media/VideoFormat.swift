/// The shape of a video stream's frames.
public struct VideoFormat: Sendable, Hashable {
    /// Width in pixels.
    public var width: Int
    /// Height in pixels.
    public var height: Int
    /// Layout of the pixels.
    public var pixelFormat: PixelFormat
    /// Which values stand for black and white.
    public var range: ColorRange
    /// How luminance and chrominance were made from red, green and blue.
    public var matrix: ColorMatrix

    /// Creates a format. Sizes are in pixels.
    public init(
        width: Int, height: Int, pixelFormat: PixelFormat, range: ColorRange = .unspecified,
        matrix: ColorMatrix = .unspecified
    ) {
        self.width = width
        self.height = height
        self.pixelFormat = pixelFormat
        self.range = range
        self.matrix = matrix
    }
}

/// Which 8-bit values a picture uses.
public enum ColorRange: Sendable, Hashable {
    /// Not said by the source: full for RGB, grey and JPEG, limited for other YUV.
    case unspecified
    /// 16 to 235 for luminance ("TV").
    case limited
    /// 0 to 255 ("PC", JPEG).
    case full
}

/// The matrix between YUV and RGB.
public enum ColorMatrix: Sendable, Hashable {
    /// Not said by the source: BT.601.
    case unspecified
    /// ITU-R BT.601, what webcams and JPEG use.
    case bt601
    /// ITU-R BT.709, usual for high-definition files.
    case bt709
    /// ITU-R BT.2020, non-constant luminance.
    case bt2020
}
