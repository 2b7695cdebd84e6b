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

    /// Another packet with the same bytes and times.
    func copy() throws(EncodeError) -> MediaPacket {
        let copy = try MediaPacket()
        try FFmpegStatus.check(av_packet_ref(copy.pointer, pointer), "copy a packet")
        return copy
    }

    /// Says how many samples at its end a decoder is to throw away.
    func setDiscardedSamples(_ count: Int) throws(EncodeError) {
        guard let data = av_packet_new_side_data(pointer, AV_PKT_DATA_SKIP_SAMPLES, 10) else {
            throw FFmpegStatus.outOfMemory("mark samples to discard")
        }
        // Two 32-bit little-endian counts, at the start and at the end, and two bytes of reasons.
        for byte in 0..<10 { data[byte] = 0 }
        for byte in 0..<4 { data[4 + byte] = UInt8(truncatingIfNeeded: count >> (8 * byte)) }
    }

    /// Puts a copy of `bytes` into the packet, with the room behind them that decoders want.
    func fill(_ bytes: UnsafeRawBufferPointer) throws(EncodeError) {
        reset()
        try FFmpegStatus.check(av_new_packet(pointer, Int32(clamping: bytes.count)), "copy \(bytes.count) bytes")
        UnsafeMutableRawBufferPointer(start: pointer.pointee.data, count: byteCount).copyMemory(from: bytes)
    }

    /// Squared error of luminance over the picture, where the encoder tells it.
    var squaredError: UInt64? {
        // Quality (32 bits), picture type, number of errors, 16 bits reserved, then 64 bits for each plane, all
        // little-endian: see `AV_PKT_DATA_QUALITY_STATS`.
        var size = 0
        guard let data = av_packet_get_side_data(pointer, AV_PKT_DATA_QUALITY_STATS, &size), size >= 16, data[5] > 0
        else { return nil }
        return (0..<8).reduce(0) { $0 | UInt64(data[8 + $1]) << (8 * UInt64($1)) }
    }

    var streamIndex: Int { Int(pointer.pointee.stream_index) }
    var byteCount: Int { Int(pointer.pointee.size) }
    var isKeyframe: Bool { pointer.pointee.flags & ih_packet_flag_key != 0 }
}
