/// The settings for a live stream: constant bit rate, no look-ahead, keyframes only where they are asked for. The
/// numbers come from the table in `Documentation/Encoding.md`.
extension VideoEncoderKind {
    /// Options by FFmpeg's names.
    func options(for preset: VideoPreset, size: PictureSize) -> [(name: String, value: String)] {
        switch self {
        case .libvpxVP9: Self.libvpxOptions(speed: vp9Speed(preset, size)) + [("row-mt", "1"), ("aq-mode", "3")]
        case .libvpxVP8: Self.libvpxOptions(speed: vp8Speed(preset))
        case .libx264: Self.x264Options(preset)
        case .svtAV1: Self.svtOptions(preset)
        case .libaomAV1: Self.libaomOptions
        }
    }

    /// A second thread costs CPU, and one keeps up with 720p30 (F17).
    func threadCount(for size: PictureSize) -> Int32 {
        size.pixelCount > 1280 * 720 ? 2 : 1
    }

    private static func libvpxOptions(speed: Int) -> [(name: String, value: String)] {
        [
            ("deadline", "realtime"), ("cpu-used", "\(speed)"), ("lag-in-frames", "0"), ("max-intra-rate", "300"),
            ("auto-alt-ref", "0"), ("drop-threshold", "0"),
        ]
    }

    private func vp9Speed(_ preset: VideoPreset, _ size: PictureSize) -> Int {
        switch preset {
        case .fast: 8
        case .fine: 5
        default: size.pixelCount > 640 * 480 ? 8 : 7
        }
    }

    /// Positive speeds are budgets of time, which make quality depend on the machine's load (F16).
    private func vp8Speed(_ preset: VideoPreset) -> Int {
        switch preset {
        case .fast: -12
        case .fine: -6
        default: -8
        }
    }

    private static func x264Options(_ preset: VideoPreset) -> [(name: String, value: String)] {
        let name =
            switch preset {
            case .fine: "faster"
            // What is faster still costs 4 dB.
            default: "superfast"
            }
        return [
            ("preset", name), ("tune", "zerolatency"), ("forced-idr", "1"), ("x264-params", "scenecut=0"),
        ]
    }

    /// Constant bit rate needs the low-delay structure; one logical processor keeps its dozens of threads from
    /// competing with capture.
    private static func svtOptions(_ preset: VideoPreset) -> [(name: String, value: String)] {
        let number =
            switch preset {
            case .fast: 13
            case .fine: 10
            default: 12
            }
        return [("preset", "\(number)"), ("svtav1-params", "rc=2:pred-struct=1:lookahead=0:lp=1")]
    }

    private static let libaomOptions = [
        (name: "usage", value: "realtime"), ("cpu-used", "8"), ("lag-in-frames", "0"), ("row-mt", "1"),
        ("aq-mode", "3"),
    ]
}
