import CInterhumanFFmpeg
public import InterhumanCore

/// Makes small RGB pictures of a source's frames, whatever their layout: for a preview or thumbnails.
///
/// ```swift
/// let scaler = PictureScaler()
/// for await frame in tap.preview {
///     if let picture = try scaler.picture(of: frame, maximumWidth: 160, maximumHeight: 90) { show(picture) }
/// }
/// ```
///
/// It keeps what it needs between frames of one shape, so have one for each reader. Scaling takes about a millisecond,
/// decoding a JPEG some more: not for the thread of a user interface.
public final class PictureScaler {
    private var scaler: Scaler?
    private var target: MediaFrame?
    private var jpegDecoder: JPEGDecoder?

    /// Creates a scaler.
    public init() {}

    /// The frame as the largest picture within the limits, in pixels, that keeps the aspect ratio and enlarges nothing;
    /// nil when the frame is a JPEG picture whose bytes are broken.
    ///
    /// - Throws: `EncodeError` with `invalidInput` when the frame holds less than its format says, has a format that
    ///   is not converted (H.264 among them), or a limit is not between 1 and 16384; `library` when memory runs out.
    public func picture(
        of frame: VideoFrame, maximumWidth: Int, maximumHeight: Int
    ) throws(EncodeError) -> RGBPicture? {
        guard (1...16384).contains(maximumWidth), (1...16384).contains(maximumHeight) else {
            throw EncodeError(
                .invalidInput, operation: "scale a picture",
                message:
                    "A picture of \(maximumWidth)x\(maximumHeight) can't be made. Ask for 1 to 16384 pixels a side.")
        }
        guard frame.format.pixelFormat == .mjpeg else {
            return try scale(frame.storage, frame.format, maximumWidth, maximumHeight)
        }
        guard let decoded = try openJPEGDecoder().decode(frame) else { return nil }
        return try scale(decoded, decoded.format, maximumWidth, maximumHeight)
    }

    private func openJPEGDecoder() throws(EncodeError) -> JPEGDecoder {
        if let jpegDecoder { return jpegDecoder }
        let made = try JPEGDecoder()
        jpegDecoder = made
        return made
    }

    private func scale(
        _ storage: any VideoFrameStorage, _ format: VideoFormat, _ maximumWidth: Int, _ maximumHeight: Int
    ) throws(EncodeError) -> RGBPicture? {
        let scale = min(
            1, Double(maximumWidth) / Double(max(1, format.width)),
            Double(maximumHeight) / Double(max(1, format.height)))
        let width = max(1, Int((Double(format.width) * scale).rounded()))
        let height = max(1, Int((Double(format.height) * scale).rounded()))
        let (scaler, target) = try open(format, width: width, height: height)
        try storage.withPlanes { (planes: [VideoPlane]) throws(EncodeError) in
            try scaler.convert(planes, into: target)
        }
        return RGBPicture(width: width, height: height, pixels: Self.bytes(of: target, width * 3, height))
    }

    /// The scaler and its target for frames of this shape; a source may change its shape, a reader the size it wants.
    private func open(
        _ format: VideoFormat, width: Int, height: Int
    ) throws(EncodeError) -> (Scaler, MediaFrame) {
        if let scaler, let target, scaler.source == format, target.pointer.pointee.width == width,
            target.pointer.pointee.height == height
        {
            return (scaler, target)
        }
        let madeScaler = try Scaler(from: format, width: width, height: height, to: .rgb)
        let madeTarget = try MediaFrame(width: width, height: height, format: AV_PIX_FMT_RGB24)
        (scaler, target) = (madeScaler, madeTarget)
        return (madeScaler, madeTarget)
    }

    /// The rows without their padding.
    private static func bytes(of frame: MediaFrame, _ rowLength: Int, _ height: Int) -> [UInt8] {
        guard let data = frame.pointer.pointee.data.0 else { return [UInt8](repeating: 0, count: rowLength * height) }
        let stride = Int(frame.pointer.pointee.linesize.0)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rowLength * height)
        for row in 0..<height {
            bytes.append(contentsOf: UnsafeBufferPointer(start: data + row * stride, count: rowLength))
        }
        return bytes
    }
}
