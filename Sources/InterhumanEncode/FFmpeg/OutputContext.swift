import CInterhumanFFmpeg
import InterhumanCore

/// Owns one muxing `AVFormatContext` that writes into memory. Used by one thread at a time.
///
/// The trailer is written at most once; without it the muxer is let go as it is.
final class OutputContext {
    private let pointer: UnsafeMutablePointer<AVFormatContext>
    private let io: WritingIO
    private var isHeaderWritten = false
    private var isTrailerWritten = false

    /// Creates a muxer by FFmpeg's name of the container.
    ///
    /// - Parameter isSeekable: Whether the muxer may go back and complete what it wrote. All bytes then come from
    ///   `finish()` at once.
    init(container: String, isSeekable: Bool) throws(EncodeError) {
        FFmpegLog.install()
        io = try WritingIO(bufferByteCount: 64 << 10, isSeekable: isSeekable)
        var context: UnsafeMutablePointer<AVFormatContext>?
        let status = avformat_alloc_output_context2(&context, nil, container, nil)
        guard status >= 0, let context else {
            throw EncodeError(
                .codecUnavailable, operation: "create a \(container) muxer",
                message: "This machine's FFmpeg can't write \(container). Install a complete build.",
                underlying: FFmpegStatus.text(status))
        }
        context.pointee.pb = io.pointer
        context.pointee.flags |= ih_flag_custom_io
        // Times are given as they shall be; a shift of all tracks would move video (F1).
        context.pointee.avoid_negative_ts = 0
        pointer = context
    }

    deinit {
        avformat_free_context(pointer)
    }

    /// Adds a track; gives its index.
    func addTrack(_ parameters: CodecParameters, timeBase: AVRational) throws(EncodeError) -> Int {
        let operation = "add a track of \(parameters.codecName)"
        guard let stream = avformat_new_stream(pointer, nil) else { throw FFmpegStatus.outOfMemory(operation) }
        try FFmpegStatus.check(avcodec_parameters_copy(stream.pointee.codecpar, parameters.pointer), operation)
        // No frame rate: browsers would take it for the duration of a cluster's last picture and see a gap behind it
        // where a camera is slower than it said.
        stream.pointee.time_base = timeBase
        return Int(stream.pointee.index)
    }

    /// How much earlier than its pictures a transport stream's clock runs, in microseconds.
    var maximumDelay: Int32 {
        get { pointer.pointee.max_delay }
        set { pointer.pointee.max_delay = newValue }
    }

    /// The time base of a track's packets, which the header may have changed.
    func timeBase(ofTrack index: Int) -> AVRational {
        pointer.pointee.streams[index]?.pointee.time_base ?? AVRational(num: 1, den: 1000)
    }

    /// Writes the header with the muxer's options and gives its bytes.
    func writeHeader(_ options: [(name: String, value: String)]) throws(EncodeError) -> [UInt8] {
        for (name, value) in options { try set(name, to: value) }
        try FFmpegStatus.check(avformat_write_header(pointer, nil), "write the container's header")
        isHeaderWritten = true
        return io.isSeekable ? [] : io.takeBytes()
    }

    /// Sets an option of the muxer's.
    func set(_ option: String, to value: String) throws(EncodeError) {
        try FFmpegStatus.check(
            av_opt_set(pointer, option, value, Int32(AV_OPT_SEARCH_CHILDREN)),
            "set the muxer's \(option) to \(value)")
    }

    /// Writes a packet whose times are in the track's time base.
    func write(_ packet: MediaPacket, track: Int) throws(EncodeError) {
        packet.pointer.pointee.stream_index = Int32(track)
        try FFmpegStatus.check(av_write_frame(pointer, packet.pointer), "write a packet")
    }

    /// Closes the cluster or fragment in progress and gives all bytes since the last time.
    func flush() throws(EncodeError) -> [UInt8] {
        try FFmpegStatus.check(av_write_frame(pointer, nil), "close a cluster")
        return io.takeBytes()
    }

    /// Writes the trailer and gives all bytes since the last time.
    func finish() throws(EncodeError) -> [UInt8] {
        guard isHeaderWritten, !isTrailerWritten else { return [] }
        isTrailerWritten = true
        try FFmpegStatus.check(av_write_trailer(pointer), "end the container")
        return io.takeBytes()
    }
}
