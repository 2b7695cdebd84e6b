import CInterhumanFFmpeg
import InterhumanCore

/// Owns one demuxing `AVFormatContext`. Used by one thread at a time.
final class InputContext {
    private(set) var pointer: UnsafeMutablePointer<AVFormatContext>
    /// What the demuxer reads from, where that is not a file; outlives `pointer`.
    private let io: ReadingIO?

    private init(pointer: UnsafeMutablePointer<AVFormatContext>, io: ReadingIO?) {
        self.pointer = pointer
        self.io = io
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVFormatContext>? = pointer
        avformat_close_input(&pointer)
    }

    /// Reads a container's header from a stream of bytes. Opens nothing else, whatever the bytes ask for.
    ///
    /// - Parameters:
    ///   - demuxer: FFmpeg's name of the demuxer; nothing is guessed from hostile bytes.
    ///   - trackCount: Most tracks that are accepted.
    static func open(io: ReadingIO, demuxer: String, trackCount: Int) throws(EncodeError) -> InputContext {
        let operation = "read the header of the media stream"
        guard let format = av_find_input_format(demuxer) else {
            throw EncodeError(
                .codecUnavailable, operation: operation,
                message: "This machine's FFmpeg can't read \(demuxer). Install a complete build.")
        }
        var context = avformat_alloc_context()
        guard let allocated = context else { throw FFmpegStatus.outOfMemory(operation) }
        allocated.pointee.pb = io.pointer
        allocated.pointee.flags |= ih_flag_custom_io
        allocated.pointee.max_streams = Int32(clamping: trackCount)
        allocated.pointee.io_open = { _, _, _, _, _ in ih_averror_eacces }
        // On failure FFmpeg frees the context, not the I/O.
        try FFmpegStatus.check(avformat_open_input(&context, "", format, nil), operation)
        guard let context else { throw FFmpegStatus.outOfMemory(operation) }
        return InputContext(pointer: context, io: io)
    }

    /// Opens a local file and reads enough of it to know its tracks.
    static func open(path: String) throws(EncodeError) -> InputContext {
        FFmpegLog.install()
        var context: UnsafeMutablePointer<AVFormatContext>?
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        // A playlist may name other files, but nothing on a network.
        av_dict_set(&options, "protocol_whitelist", "file", 0)
        let status = avformat_open_input(&context, "file:\(path)", nil, &options)
        try FFmpegStatus.check(status, "open \(path)")
        guard let context else { throw FFmpegStatus.outOfMemory("open \(path)") }
        let input = InputContext(pointer: context, io: nil)
        try FFmpegStatus.check(avformat_find_stream_info(context, nil), "read the tracks of \(path)")
        return input
    }

    /// Goes back to the first packet.
    func seekToStart() throws(EncodeError) {
        let start = pointer.pointee.start_time
        let target = start == ih_nopts ? 0 : start
        try FFmpegStatus.check(
            avformat_seek_file(pointer, -1, .min, target, target, 0), "go back to the start of the file")
    }

    /// The tracks.
    var streams: [UnsafeMutablePointer<AVStream>] {
        (0..<Int(pointer.pointee.nb_streams)).compactMap { pointer.pointee.streams[$0] }
    }

    /// The first track of a kind, cover pictures excepted.
    func firstStream(_ kind: AVMediaType) -> UnsafeMutablePointer<AVStream>? {
        streams.first {
            $0.pointee.codecpar.pointee.codec_type == kind && $0.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
        }
    }

    /// Reads the next packet; the number is FFmpeg's status.
    func read(_ packet: MediaPacket) -> Int32 {
        av_read_frame(pointer, packet.pointer)
    }
}
