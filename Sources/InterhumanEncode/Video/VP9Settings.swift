import CInterhumanFFmpeg
import InterhumanCore

/// libvpx's VP9 for a live stream: no look-ahead, constant bit rate, keyframes only where they are asked for.
struct VP9Settings {
    let size: PictureSize
    /// Frames a second to expect.
    let frameRate: Double
    /// Bits a second.
    let bitRate: Int
    /// 5 to 8; nil chooses by size.
    let speed: Int?
    let colorSpace: AVColorSpace

    /// Opens an encoder with a time base of milliseconds.
    func makeEncoder() throws(EncodeError) -> CodecContext {
        let codec = try CodecContext.encoder(named: "libvpx-vp9")
        let context = codec.pointer
        context.pointee.width = Int32(size.width)
        context.pointee.height = Int32(size.height)
        context.pointee.pix_fmt = AV_PIX_FMT_YUV420P
        context.pointee.time_base = AVRational(num: 1, den: 1000)
        // Rate control would take the time base for the frame rate.
        context.pointee.framerate = av_d2q(frameRate, 100_000)
        ih_set_frame_ticks(context, Int32((1000 / frameRate).rounded()))
        context.pointee.color_range = AVCOL_RANGE_MPEG
        context.pointee.colorspace = colorSpace
        setRate(context)
        // The encoder's own cadence would put keyframes off the grid.
        context.pointee.gop_size = 1 << 24
        context.pointee.thread_count = threadCount
        for (name, value) in options { try codec.set(name, to: value) }
        try codec.open()
        return codec
    }

    /// Equal minimum, maximum and target mean CBR; the buffer holds a second.
    private func setRate(_ context: UnsafeMutablePointer<AVCodecContext>) {
        context.pointee.bit_rate = Int64(bitRate)
        context.pointee.rc_min_rate = Int64(bitRate)
        context.pointee.rc_max_rate = Int64(bitRate)
        context.pointee.rc_buffer_size = Int32(bitRate)
    }

    private var options: [(name: String, value: String)] {
        [
            ("deadline", "realtime"), ("cpu-used", "\(speed ?? defaultSpeed)"), ("lag-in-frames", "0"),
            ("row-mt", "1"), ("aq-mode", "3"), ("max-intra-rate", "300"), ("auto-alt-ref", "0"),
            ("drop-threshold", "0"),
        ]
    }

    private var pixelCount: Int { size.width * size.height }

    /// Measured in CPU seconds a second of 720p30: speed 8 0.30, 7 0.42, 6 0.45, 5 0.78 (F17).
    private var defaultSpeed: Int { pixelCount > 640 * 480 ? 8 : 7 }

    /// A second thread costs CPU, and one keeps up with 720p30 (F17).
    private var threadCount: Int32 { pixelCount > 1280 * 720 ? 2 : 1 }
}
