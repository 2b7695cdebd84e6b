/// A small picture in memory of its own: for a preview or a thumbnail.
public struct RGBPicture: Sendable, Hashable {
    /// Width in pixels, at least 1.
    public let width: Int
    /// Height in pixels, at least 1.
    public let height: Int
    /// 8-bit red, green and blue (full range, sRGB-like as cameras give it), row after row from the top, without
    /// padding: `width * height * 3` bytes.
    public let pixels: [UInt8]

    /// Creates a picture; nil when `pixels` are not what the size needs.
    public init?(width: Int, height: Int, pixels: [UInt8]) {
        guard width > 0, height > 0, width <= 16384, height <= 16384, pixels.count == width * height * 3 else {
            return nil
        }
        (self.width, self.height, self.pixels) = (width, height, pixels)
    }
}
