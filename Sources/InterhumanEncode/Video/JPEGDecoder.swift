import CInterhumanFFmpeg
import InterhumanCore

/// Decodes the pictures of a Motion-JPEG camera and refuses broken ones, which would spoil what is coded after them.
final class JPEGDecoder {
    private let codec: CodecContext
    private let packet: MediaPacket

    /// Opens the decoder.
    init() throws(EncodeError) {
        codec = try CodecContext.decoder(id: AV_CODEC_ID_MJPEG)
        let context = codec.pointer
        context.pointee.thread_count = 1
        context.pointee.err_recognition = ih_error_recognition_strict
        context.pointee.max_pixels = 8192 * 8192
        try codec.open()
        packet = try MediaPacket()
    }

    /// Decodes a picture; nil when its bytes are broken or incomplete.
    func decode(_ frame: VideoFrame) throws(EncodeError) -> DecodedFrameStorage? {
        let isFilled = try frame.storage.withPlanes { (planes: [VideoPlane]) throws(EncodeError) in
            guard let bytes = planes.first?.bytes, let range = Self.picture(in: bytes) else { return false }
            try packet.fill(UnsafeRawBufferPointer(rebasing: bytes[range]))
            return true
        }
        guard isFilled else { return nil }
        do throws(EncodeError) {
            try codec.send(packet)
            guard let picture = try codec.receiveFrame(), picture.pointer.pointee.decode_error_flags == 0,
                picture.pointer.pointee.flags & ih_frame_flag_corrupt == 0, Self.isConvertible(picture)
            else { return nil }
            return try DecodedFrameStorage(taking: picture)
        } catch {
            // Damage may look like a feature that FFmpeg lacks, or like a size beyond all reason: whatever it calls it,
            // the next picture is another matter.
            return nil
        }
    }

    /// A damaged header may announce a picture that nothing converts.
    private static func isConvertible(_ picture: MediaFrame) -> Bool {
        let (width, height) = (picture.pointer.pointee.width, picture.pointer.pointee.height)
        return (1...16384).contains(width) && (1...16384).contains(height)
    }

    /// Where the picture lies: it begins with SOI and ends with EOI (ITU-T T.81, table B.1). Cameras pad behind it.
    private static func picture(in bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        guard bytes.count >= 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return nil }
        var end = bytes.count
        while end >= 4 {
            if bytes[end - 2] == 0xFF, bytes[end - 1] == 0xD9 { return 0..<end }
            end -= 1
        }
        return nil
    }
}
