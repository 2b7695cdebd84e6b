import CInterhumanV4L2
import InterhumanCore

/// What V4L2's colour fields mean, with the defaults of its specification (V4L2_MAP_QUANTIZATION_DEFAULT and others).
enum PictureColor {
    static func range(of picture: v4l2_pix_format, _ pixelFormat: PixelFormat) -> ColorRange {
        switch picture.quantization {
        case V4L2_QUANTIZATION_FULL_RANGE.rawValue: return .full
        case V4L2_QUANTIZATION_LIM_RANGE.rawValue: return .limited
        default:
            let isRGB = pixelFormat == .rgb24 || pixelFormat == .bgr24
            // A JPEG file's YUV is full range by JFIF, whatever the driver's colour space.
            let isFull = isRGB || pixelFormat == .mjpeg || picture.colorspace == V4L2_COLORSPACE_JPEG.rawValue
            return isFull ? .full : pixelFormat == .gray8 ? .unspecified : .limited
        }
    }

    static func matrix(of picture: v4l2_pix_format) -> ColorMatrix {
        switch picture.ycbcr_enc {
        case V4L2_YCBCR_ENC_601.rawValue, V4L2_YCBCR_ENC_XV601.rawValue: .bt601
        case V4L2_YCBCR_ENC_709.rawValue, V4L2_YCBCR_ENC_XV709.rawValue: .bt709
        case V4L2_YCBCR_ENC_BT2020.rawValue: .bt2020
        default:
            switch picture.colorspace {
            case V4L2_COLORSPACE_REC709.rawValue, V4L2_COLORSPACE_DCI_P3.rawValue: .bt709
            case V4L2_COLORSPACE_BT2020.rawValue: .bt2020
            case V4L2_COLORSPACE_DEFAULT.rawValue: .unspecified
            default: .bt601
            }
        }
    }
}
