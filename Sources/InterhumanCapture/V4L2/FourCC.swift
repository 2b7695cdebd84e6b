public import InterhumanCore

/// A V4L2 pixel format's four-character code, as in `v4l2-ctl --list-formats`.
public struct FourCC: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The code as V4L2's 32-bit number: first character in the lowest byte.
    public var rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Creates a code from its letters; only the first four count, missing ones are spaces.
    public init(_ letters: String) {
        let bytes = Array(letters.utf8.prefix(4)) + [0x20, 0x20, 0x20, 0x20]
        rawValue = bytes.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    public var description: String {
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: rawValue >> (8 * $0)) & 0x7F }
        return String(decoding: bytes.map { $0 < 0x20 ? 0x3F : $0 }, as: UTF8.self)
    }

    /// The layout that Interhuman and FFmpeg know for this code, nil for those they can't take from a camera.
    public var pixelFormat: PixelFormat? {
        Self.table.first { $0.code == self }?.format
    }

    /// The code for a layout.
    public init?(_ format: PixelFormat) {
        guard let entry = Self.table.first(where: { $0.format == format }) else { return nil }
        self = entry.code
    }

    private static let table: [(code: FourCC, format: PixelFormat)] = [
        (FourCC("YU12"), .i420), (FourCC("NV12"), .nv12), (FourCC("NV21"), .nv21), (FourCC("YUYV"), .yuyv),
        (FourCC("UYVY"), .uyvy), (FourCC("RGB3"), .rgb24), (FourCC("BGR3"), .bgr24), (FourCC("GREY"), .gray8),
        (FourCC("MJPG"), .mjpeg), (FourCC("JPEG"), .mjpeg), (FourCC("H264"), .h264),
    ]
}
