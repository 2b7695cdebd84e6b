import CInterhumanFFmpeg

/// Conversions between FFmpeg's time bases and nanoseconds.
enum MediaTimeBase {
    static let nanoseconds = AVRational(num: 1, den: 1_000_000_000)

    /// Nanoseconds of a time stamp; nil for one that is unknown.
    static func nanoseconds(_ value: Int64, _ base: AVRational) -> Int64? {
        guard value != ih_nopts, base.num > 0, base.den > 0 else { return nil }
        return av_rescale_q(value, base, nanoseconds)
    }
}
