import CInterhumanFFmpeg
import InterhumanCore

/// Names of pixel formats between FFmpeg and this package, which says the range apart from the layout.
enum PixelFormatNames {
    /// FFmpeg's deprecated full-range formats, and the layout that each stands for.
    private static let fullRange: [String: String] = [
        "yuvj420p": "yuv420p", "yuvj422p": "yuv422p", "yuvj444p": "yuv444p", "yuvj440p": "yuv440p",
        "yuvj411p": "yuv411p",
    ]

    /// The name of a format without its range, and the range where the format implies one.
    static func name(of format: AVPixelFormat) -> (name: String, range: ColorRange) {
        let name = av_get_pix_fmt_name(format).map { String(cString: $0) } ?? "unknown"
        guard let plain = fullRange[name] else { return (name, .unspecified) }
        return (plain, .full)
    }

    /// FFmpeg's format of that name.
    static func format(named name: String) -> AVPixelFormat? {
        let format = av_get_pix_fmt(fullRange[name] ?? name)
        return format == AV_PIX_FMT_NONE ? nil : format
    }
}
