import CInterhumanFFmpeg
import InterhumanCore

/// What a picture's colours mean, in FFmpeg's terms.
struct ColorSignal {
    private let format: VideoFormat

    /// Takes the meaning from a format; what it leaves open is decided as ``ColorRange`` and ``ColorMatrix`` say.
    init(_ format: VideoFormat) {
        self.format = format
    }

    /// Whether black and white are 0 and 255.
    func isFullRange(_ pixelFormat: AVPixelFormat) -> Bool {
        switch format.range {
        case .full: true
        case .limited: false
        case .unspecified: Self.isFullByNature(pixelFormat)
        }
    }

    private static func isFullByNature(_ pixelFormat: AVPixelFormat) -> Bool {
        guard let description = av_pix_fmt_desc_get(pixelFormat) else { return false }
        let isRGB = description.pointee.flags & UInt64(AV_PIX_FMT_FLAG_RGB) != 0
        return isRGB || description.pointee.nb_components <= 2
    }

    /// The matrix in swscale's numbering.
    var swscaleMatrix: Int32 {
        switch format.matrix {
        case .unspecified, .bt601: Int32(SWS_CS_ITU601)
        case .bt709: Int32(SWS_CS_ITU709)
        case .bt2020: Int32(SWS_CS_BT2020)
        }
    }

    /// The matrix as a codec signals it.
    var colorSpace: AVColorSpace {
        switch format.matrix {
        case .unspecified, .bt601: AVCOL_SPC_SMPTE170M
        case .bt709: AVCOL_SPC_BT709
        case .bt2020: AVCOL_SPC_BT2020_NCL
        }
    }

    /// The range that FFmpeg names; nil when it leaves it open.
    static func range(_ range: AVColorRange) -> ColorRange? {
        switch range {
        case AVCOL_RANGE_MPEG: .limited
        case AVCOL_RANGE_JPEG: .full
        default: nil
        }
    }

    /// The matrix that FFmpeg names.
    static func matrix(_ colorSpace: AVColorSpace) -> ColorMatrix {
        switch colorSpace {
        case AVCOL_SPC_BT709: .bt709
        case AVCOL_SPC_BT470BG, AVCOL_SPC_SMPTE170M: .bt601
        case AVCOL_SPC_BT2020_NCL: .bt2020
        default: .unspecified
        }
    }
}
