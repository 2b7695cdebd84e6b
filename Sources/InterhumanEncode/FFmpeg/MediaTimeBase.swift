import CInterhumanFFmpeg

/// Conversions between FFmpeg's time bases and nanoseconds.
enum MediaTimeBase {
    static let nanoseconds = AVRational(num: 1, den: 1_000_000_000)
    /// FFmpeg's own time base, that of a whole file's times.
    static let microseconds = AVRational(num: 1, den: 1_000_000)

    /// The latest time that is believed, in nanoseconds: 95 years. Three of them still add up without overflow.
    static let latest: Int64 = 3_000_000_000_000_000_000

    /// Nanoseconds of a time stamp; nil for one that is unknown, or further from 0 than ``latest``: bytes may say
    /// anything, and nobody's media last that long.
    static func nanoseconds(_ value: Int64, _ base: AVRational) -> Int64? {
        guard value != ih_nopts, base.num > 0, base.den > 0 else { return nil }
        // Where the product does not fit, FFmpeg gives the least number there is.
        let time = av_rescale_q(value, base, nanoseconds)
        return (-latest...latest).contains(time) ? time : nil
    }
}
