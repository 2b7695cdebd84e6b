/// An encoder of FFmpeg's for pictures, with what it can do while it runs.
enum VideoEncoderKind: Sendable, Hashable {
    case libvpxVP9
    case libvpxVP8
    case libx264
    case svtAV1
    case libaomAV1

    /// The encoders of a codec, the preferred one first.
    static func all(for codec: VideoCodec) -> [VideoEncoderKind] {
        switch codec {
        case .vp9: [.libvpxVP9]
        case .vp8: [.libvpxVP8]
        case .h264: [.libx264]
        case .av1: [.svtAV1, .libaomAV1]
        default: []
        }
    }

    /// FFmpeg's name of it.
    var name: String {
        switch self {
        case .libvpxVP9: "libvpx-vp9"
        case .libvpxVP8: "libvpx"
        case .libx264: "libx264"
        case .svtAV1: "libsvtav1"
        case .libaomAV1: "libaom-av1"
        }
    }

    /// Whether it takes another bit rate with the next picture. FFmpeg passes it on to libx264 alone; the others get a
    /// fresh encoder at the next segment, which changes nothing in the container.
    var changesBitRateWhileOpen: Bool { self == .libx264 }

    /// Whether a picture becomes a keyframe when asked to. SVT-AV1 does so only without rate control: it gets a fresh
    /// encoder for each segment.
    var obeysKeyframeRequests: Bool { self != .svtAV1 }

    /// Whether it tells the squared error of its pictures.
    var measuresQuality: Bool { self == .libvpxVP9 || self == .libvpxVP8 || self == .libx264 }
}
