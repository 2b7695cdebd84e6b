import CInterhumanFFmpeg
import InterhumanCore

/// Owns one `AVPacket`: encoded bytes with their times.
final class MediaPacket {
    let pointer: UnsafeMutablePointer<AVPacket>

    /// Allocates an empty packet.
    init() throws(EncodeError) {
        guard let pointer = av_packet_alloc() else { throw FFmpegStatus.outOfMemory("allocate a packet") }
        self.pointer = pointer
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVPacket>? = pointer
        av_packet_free(&pointer)
    }

    /// Lets the bytes go and keeps the packet for another use.
    func reset() {
        av_packet_unref(pointer)
    }

    /// Puts a copy of `bytes` into the packet, with the room behind them that decoders want.
    func fill(_ bytes: UnsafeRawBufferPointer) throws(EncodeError) {
        reset()
        try FFmpegStatus.check(av_new_packet(pointer, Int32(clamping: bytes.count)), "copy \(bytes.count) bytes")
        UnsafeMutableRawBufferPointer(start: pointer.pointee.data, count: byteCount).copyMemory(from: bytes)
    }

    var streamIndex: Int { Int(pointer.pointee.stream_index) }
    var byteCount: Int { Int(pointer.pointee.size) }
    var isKeyframe: Bool { pointer.pointee.flags & ih_packet_flag_key != 0 }
}
