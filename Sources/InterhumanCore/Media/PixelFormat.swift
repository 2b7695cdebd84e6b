/// How pixels lie in memory. Extensible: conformers may name formats that this list lacks.
public struct PixelFormat: Sendable, Hashable, CustomStringConvertible {
    /// FFmpeg's name of the format where it has one (`yuv420p`, `yuyv422`, …), the codec's for compressed ones.
    public let name: String

    /// Creates a format by name.
    public init(name: String) {
        self.name = name
    }

    public var description: String { name }

    /// Planar 4:2:0, three planes Y, U, V (V4L2 `YU12`).
    public static let i420 = PixelFormat(name: "yuv420p")
    /// Two planes: Y, then interleaved U and V (V4L2 `NV12`).
    public static let nv12 = PixelFormat(name: "nv12")
    /// Two planes: Y, then interleaved V and U (V4L2 `NV21`).
    public static let nv21 = PixelFormat(name: "nv21")
    /// Packed 4:2:2, Y U Y V (V4L2 `YUYV`).
    public static let yuyv = PixelFormat(name: "yuyv422")
    /// Packed 4:2:2, U Y V Y (V4L2 `UYVY`).
    public static let uyvy = PixelFormat(name: "uyvy422")
    /// Packed 8-bit R, G, B.
    public static let rgb24 = PixelFormat(name: "rgb24")
    /// Packed 8-bit B, G, R.
    public static let bgr24 = PixelFormat(name: "bgr24")
    /// Packed 8-bit R, G, B, A.
    public static let rgba = PixelFormat(name: "rgba")
    /// Packed 8-bit B, G, R, A.
    public static let bgra = PixelFormat(name: "bgra")
    /// One plane of 8-bit luminance (V4L2 `GREY`).
    public static let gray8 = PixelFormat(name: "gray")
    /// One JPEG picture a frame (V4L2 `MJPG`).
    public static let mjpeg = PixelFormat(name: "mjpeg")
    /// An H.264 access unit a frame (V4L2 `H264`).
    public static let h264 = PixelFormat(name: "h264")

    /// Whether a frame is a compressed bitstream in one plane of variable length.
    public var isCompressed: Bool {
        self == .mjpeg || self == .h264
    }
}
