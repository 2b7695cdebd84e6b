import CInterhumanFFmpeg
import InterhumanCore

/// What a video encoder is opened with.
struct VideoEncoderSettings {
    var kind: VideoEncoderKind
    var preset: VideoPreset
    /// Further options, which outrank the preset's.
    var options: [String: String]
    var size: PictureSize
    /// Frames a second to expect.
    var frameRate: Double
    /// Bits a second.
    var bitRate: Int
    var colorSpace: AVColorSpace
    /// Whether the container keeps the codec's headers apart from the pictures.
    var hasGlobalHeader: Bool
    var measuresQuality: Bool

    /// Opens an encoder with a time base of milliseconds.
    func makeEncoder() throws(EncodeError) -> CodecContext {
        let codec = try CodecContext.encoder(named: kind.name)
        let context = codec.pointer
        context.pointee.width = Int32(size.width)
        context.pointee.height = Int32(size.height)
        context.pointee.pix_fmt = AV_PIX_FMT_YUV420P
        context.pointee.time_base = AVRational(num: 1, den: 1000)
        context.pointee.color_range = AVCOL_RANGE_MPEG
        context.pointee.colorspace = colorSpace
        setFrameRate(of: codec)
        setBitRate(of: codec)
        // The encoder's own cadence would put keyframes off the grid.
        context.pointee.gop_size = 1 << 24
        context.pointee.max_b_frames = 0
        context.pointee.thread_count = kind.threadCount(for: size)
        if hasGlobalHeader { context.pointee.flags |= ih_codec_flag_global_header }
        if measuresQuality, kind.measuresQuality { context.pointee.flags |= ih_codec_flag_psnr }
        for (name, value) in kind.options(for: preset, size: size) where options[name] == nil {
            try codec.set(name, to: value)
        }
        for (name, value) in options.sorted(by: { $0.key < $1.key }) { try codec.set(name, to: value) }
        try codec.open()
        return codec
    }

    /// Equal minimum, maximum and target mean CBR; the buffer holds a second.
    func setBitRate(of codec: CodecContext) {
        let context = codec.pointer
        context.pointee.bit_rate = Int64(bitRate)
        context.pointee.rc_max_rate = Int64(bitRate)
        context.pointee.rc_buffer_size = Int32(clamping: bitRate)
        switch kind {
        case .libvpxVP9, .libvpxVP8, .libaomAV1: context.pointee.rc_min_rate = Int64(bitRate)
        // SVT-AV1 takes a maximum for a wish for capped quality; x264 would fill up with zeroes.
        case .svtAV1: context.pointee.rc_max_rate = 0
        case .libx264: break
        }
    }

    /// Rate control would take the time base for the frame rate.
    func setFrameRate(of codec: CodecContext) {
        codec.pointer.pointee.framerate = av_d2q(frameRate, 100_000)
        ih_set_frame_ticks(codec.pointer, Int32((1000 / frameRate).rounded()))
    }
}
