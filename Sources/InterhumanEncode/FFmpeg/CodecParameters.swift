import CInterhumanFFmpeg
import InterhumanCore

/// Owns one `AVCodecParameters`: what a container says about a track's codec. Not changed once it is shared.
final class CodecParameters {
    let pointer: UnsafeMutablePointer<AVCodecParameters>

    private init() throws(EncodeError) {
        guard let pointer = avcodec_parameters_alloc() else {
            throw FFmpegStatus.outOfMemory("copy a track's parameters")
        }
        self.pointer = pointer
    }

    /// Copies the parameters of a track.
    convenience init(copying stream: UnsafePointer<AVStream>) throws(EncodeError) {
        try self.init()
        guard let original = stream.pointee.codecpar else {
            throw FFmpegStatus.outOfMemory("copy a track's parameters")
        }
        try FFmpegStatus.check(avcodec_parameters_copy(pointer, original), "copy a track's parameters")
    }

    /// Takes the parameters of what an open encoder makes.
    convenience init(of encoder: CodecContext) throws(EncodeError) {
        try self.init()
        try FFmpegStatus.check(
            avcodec_parameters_from_context(pointer, encoder.pointer), "describe what \(encoder.name) makes")
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVCodecParameters>? = pointer
        avcodec_parameters_free(&pointer)
    }

    /// FFmpeg's name of the codec.
    var codecName: String { String(cString: avcodec_get_name(pointer.pointee.codec_id)) }

    /// Samples that a decoder skips at the start of the track.
    var skippedSampleCount: Int { Int(pointer.pointee.initial_padding) }

    /// A copy for a track whose decoder is to skip `count` samples at the start.
    func skipping(_ count: Int) throws(EncodeError) -> CodecParameters {
        let copy = try CodecParameters()
        try FFmpegStatus.check(avcodec_parameters_copy(copy.pointer, pointer), "copy a track's parameters")
        copy.pointer.pointee.initial_padding = Int32(clamping: count)
        // Opus says it in its own header as well (RFC 7845, section 5.1: pre-skip, little-endian, at byte 10).
        if pointer.pointee.codec_id == AV_CODEC_ID_OPUS, copy.pointer.pointee.extradata_size >= 12 {
            copy.pointer.pointee.extradata[10] = UInt8(truncatingIfNeeded: count)
            copy.pointer.pointee.extradata[11] = UInt8(truncatingIfNeeded: count >> 8)
        }
        return copy
    }

    /// Whether a container that was begun for `other` can go on with what these say.
    func continues(_ other: CodecParameters) -> Bool {
        let (own, others) = (pointer.pointee, other.pointer.pointee)
        return own.codec_id == others.codec_id && own.width == others.width && own.height == others.height
            && header.elementsEqual(other.header)
    }

    /// The codec's headers that the container keeps.
    private var header: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: pointer.pointee.extradata, count: max(0, Int(pointer.pointee.extradata_size)))
    }
}
