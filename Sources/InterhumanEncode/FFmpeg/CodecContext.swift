import CInterhumanFFmpeg
import InterhumanCore

/// Owns one `AVCodecContext`: an encoder or a decoder. Used by one thread at a time.
final class CodecContext {
    let pointer: UnsafeMutablePointer<AVCodecContext>
    /// Name of the codec implementation, such as "libvpx-vp9".
    let name: String

    /// Allocates the context of a codec; `open` makes it usable.
    init(codec: UnsafePointer<AVCodec>) throws(EncodeError) {
        guard let pointer = avcodec_alloc_context3(codec) else {
            throw FFmpegStatus.outOfMemory("allocate a codec")
        }
        self.pointer = pointer
        name = codec.pointee.name.map { String(cString: $0) } ?? "unnamed"
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVCodecContext>? = pointer
        avcodec_free_context(&pointer)
    }

    /// Finds the encoder of that name.
    static func encoder(named name: String) throws(EncodeError) -> CodecContext {
        FFmpegLog.install()
        guard let codec = avcodec_find_encoder_by_name(name) else {
            throw EncodeError(
                .codecUnavailable, operation: "find the encoder \(name)",
                message: "This machine's FFmpeg was built without \(name). Install a build that has it; "
                    + "Debian's and Ubuntu's own do.")
        }
        return try CodecContext(codec: codec)
    }

    /// Whether FFmpeg has the encoder of that name.
    static func hasEncoder(named name: String) -> Bool {
        avcodec_find_encoder_by_name(name) != nil
    }

    /// Makes the decoder for a stream's parameters.
    static func decoder(
        for parameters: CodecParameters, timeBase: AVRational
    ) throws(EncodeError) -> CodecContext {
        FFmpegLog.install()
        let codecName = parameters.codecName
        guard let codec = avcodec_find_decoder(parameters.pointer.pointee.codec_id) else {
            throw noDecoder(codecName)
        }
        let context = try CodecContext(codec: codec)
        try FFmpegStatus.check(
            avcodec_parameters_to_context(context.pointer, parameters.pointer), "set up the decoder for \(codecName)")
        context.pointer.pointee.pkt_timebase = timeBase
        return context
    }

    /// Makes a decoder for a codec that needs no parameters.
    static func decoder(id: AVCodecID) throws(EncodeError) -> CodecContext {
        FFmpegLog.install()
        let codecName = String(cString: avcodec_get_name(id))
        guard let codec = avcodec_find_decoder(id) else { throw noDecoder(codecName) }
        return try CodecContext(codec: codec)
    }

    private static func noDecoder(_ codecName: String) -> EncodeError {
        EncodeError(
            .codecUnavailable, operation: "find a decoder for \(codecName)",
            message: "This machine's FFmpeg can't decode \(codecName). Use another codec or another build.")
    }

    /// Sets an option that the context does not have as a field, or a private one of the codec.
    func set(_ option: String, to value: String) throws(EncodeError) {
        try FFmpegStatus.check(
            av_opt_set(pointer, option, value, Int32(AV_OPT_SEARCH_CHILDREN)),
            "set the option \(option) of \(name) to \(value)")
    }

    /// Opens the codec.
    func open() throws(EncodeError) {
        try FFmpegStatus.check(avcodec_open2(pointer, nil, nil), "open the codec \(name)")
    }

    /// Gives a frame to an encoder; nil says that no more comes.
    func send(_ frame: MediaFrame?) throws(EncodeError) {
        try FFmpegStatus.check(avcodec_send_frame(pointer, frame?.pointer), "encode with \(name)")
    }

    /// Takes a packet from an encoder; nil when it needs more input or has ended.
    func receivePacket() throws(EncodeError) -> MediaPacket? {
        let packet = try MediaPacket()
        let status = avcodec_receive_packet(pointer, packet.pointer)
        if status == ih_averror_again || status == ih_averror_eof { return nil }
        try FFmpegStatus.check(status, "encode with \(name)")
        return packet
    }

    /// Gives a packet to a decoder; nil says that no more comes.
    func send(_ packet: MediaPacket?) throws(EncodeError) {
        try FFmpegStatus.check(avcodec_send_packet(pointer, packet?.pointer), "decode with \(name)")
    }

    /// Takes a frame from a decoder; nil when it needs more input or has ended.
    func receiveFrame() throws(EncodeError) -> MediaFrame? {
        let frame = try MediaFrame()
        let status = avcodec_receive_frame(pointer, frame.pointer)
        if status == ih_averror_again || status == ih_averror_eof { return nil }
        try FFmpegStatus.check(status, "decode with \(name)")
        return frame
    }
}
