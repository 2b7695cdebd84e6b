import CInterhumanFFmpeg
import InterhumanCore

/// Owns one `AVCodecParameters`: what a container says about a track's codec.
final class CodecParameters {
    let pointer: UnsafeMutablePointer<AVCodecParameters>

    /// Copies the parameters of a track.
    init(copying stream: UnsafePointer<AVStream>) throws(EncodeError) {
        guard let pointer = avcodec_parameters_alloc(), let original = stream.pointee.codecpar else {
            throw FFmpegStatus.outOfMemory("copy a track's parameters")
        }
        self.pointer = pointer
        try FFmpegStatus.check(avcodec_parameters_copy(pointer, original), "copy a track's parameters")
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVCodecParameters>? = pointer
        avcodec_parameters_free(&pointer)
    }

    /// FFmpeg's name of the codec.
    var codecName: String { String(cString: avcodec_get_name(pointer.pointee.codec_id)) }
}
