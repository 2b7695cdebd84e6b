import CInterhumanFFmpeg
public import InterhumanCore

/// Makes JPEG files of pictures: previews, thumbnails.
///
/// It works while it is called, a few milliseconds for a picture: use it where blocking does no harm, by one thread at a
/// time.
public final class StillEncoder {
    private let limit: PictureSize
    private let quality: Int32
    private var codec: CodecContext?
    private var scaler: Scaler?
    private var picture: MediaFrame?
    private var decoder: JPEGDecoder?

    /// Creates an encoder.
    ///
    /// - Parameters:
    ///   - maximumWidth: Largest width in pixels; the aspect ratio is kept and nothing is enlarged.
    ///   - maximumHeight: Largest height in pixels.
    ///   - quantizer: 2 (fine) to 31 (coarse).
    public init(maximumWidth: Int = 320, maximumHeight: Int = 320, quantizer: Int = 5) {
        limit = PictureSize(width: max(2, maximumWidth), height: max(2, maximumHeight))
        quality = Int32(min(max(quantizer, 2), 31)) * FF_QP2LAMBDA
    }

    /// Makes a JPEG file (JFIF) of a picture.
    ///
    /// - Throws: `EncodeError`: `invalidInput` for a picture that can't be converted or is a broken JPEG itself,
    ///   `codecUnavailable`.
    public func encode(_ frame: VideoFrame) throws(EncodeError) -> [UInt8] {
        let (storage, format) = try pixels(of: frame)
        let size = PictureSize.fitting(
            width: format.width, height: format.height, maximumWidth: limit.width, maximumHeight: limit.height)
        let (picture, codec) = try target(of: size)
        let scaler = try scaler(from: format, to: size)
        try picture.makeWritable()
        try storage.withPlanes { (planes: [VideoPlane]) throws(EncodeError) in
            try scaler.convert(planes, into: picture)
        }
        picture.pointer.pointee.quality = quality
        try codec.send(picture)
        guard let packet = try codec.receivePacket() else {
            throw EncodeError(
                .library, operation: Self.operation, message: "FFmpeg gave no picture. Try another build.")
        }
        return Array(UnsafeRawBufferPointer(start: packet.pointer.pointee.data, count: packet.byteCount))
    }

    private static let operation = "make a JPEG file"

    /// The picture, decoded when it comes as JPEG.
    private func pixels(of frame: VideoFrame) throws(EncodeError) -> (any VideoFrameStorage, VideoFormat) {
        guard frame.format.pixelFormat == .mjpeg else { return (frame.storage, frame.format) }
        if decoder == nil { decoder = try JPEGDecoder() }
        guard let decoded = try decoder?.decode(frame) else {
            throw EncodeError(
                .invalidInput, operation: Self.operation, message: "The picture is a broken JPEG. Take the next one.")
        }
        return (decoded, decoded.format)
    }

    private func scaler(from format: VideoFormat, to size: PictureSize) throws(EncodeError) -> Scaler {
        if let scaler, scaler.source == format { return scaler }
        let made = try Scaler(from: format, width: size.width, height: size.height, to: .jpeg)
        scaler = made
        return made
    }

    /// Frame and codec for pictures of this size; a source may change its shape.
    private func target(of size: PictureSize) throws(EncodeError) -> (MediaFrame, CodecContext) {
        if let picture, let codec, picture.pointer.pointee.width == size.width,
            picture.pointer.pointee.height == size.height
        {
            return (picture, codec)
        }
        scaler = nil
        let made = try MediaFrame(width: size.width, height: size.height, format: AV_PIX_FMT_YUVJ420P)
        made.pointer.pointee.color_range = AVCOL_RANGE_JPEG
        let opened = try CodecContext.encoder(named: "mjpeg")
        let context = opened.pointer
        (context.pointee.width, context.pointee.height) = (Int32(size.width), Int32(size.height))
        context.pointee.pix_fmt = AV_PIX_FMT_YUVJ420P
        context.pointee.color_range = AVCOL_RANGE_JPEG
        context.pointee.time_base = AVRational(num: 1, den: 25)
        context.pointee.thread_count = 1
        try opened.set("flags", to: "+qscale")
        context.pointee.global_quality = quality
        try opened.open()
        (picture, codec) = (made, opened)
        return (made, opened)
    }
}
