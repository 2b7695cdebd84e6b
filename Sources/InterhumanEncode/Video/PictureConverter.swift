import CInterhumanFFmpeg
import InterhumanCore

/// Makes the encoder's input of whatever a source gives: JPEG decoded, size, layout and colours converted in one pass,
/// then turned where that is asked for.
final class PictureConverter {
    /// Size of the pictures that it makes.
    let size: PictureSize
    private let orientation: PictureOrientation
    /// The encoder's input, overwritten by each conversion.
    private(set) var picture: MediaFrame
    /// What the scaler writes when the picture has to be turned after it.
    private let unturned: MediaFrame?
    private var scaler: Scaler?

    /// Creates a converter to limited-range 4:2:0.
    init(size: PictureSize, orientation: PictureOrientation) throws(EncodeError) {
        self.size = size
        self.orientation = orientation
        picture = try MediaFrame(width: size.width, height: size.height, format: AV_PIX_FMT_YUV420P)
        let before = orientation.swapsSides ? size.turned : size
        unturned =
            orientation == .upright
            ? nil : try MediaFrame(width: before.width, height: before.height, format: AV_PIX_FMT_YUV420P)
    }

    /// Converts a picture that is not compressed.
    func convert(_ storage: any VideoFrameStorage, format: VideoFormat) throws(EncodeError) {
        let scaler = try scaler(for: format)
        // The encoder may still hold the picture before.
        try picture.makeWritable()
        let target = unturned ?? picture
        try storage.withPlanes { (planes: [VideoPlane]) throws(EncodeError) in
            try scaler.convert(planes, into: target)
        }
        if let unturned { PictureTurner(orientation).turn(unturned, into: picture) }
    }

    /// The scaler for frames of this shape; a source may change its shape.
    private func scaler(for format: VideoFormat) throws(EncodeError) -> Scaler {
        if let scaler, scaler.source == format { return scaler }
        let target = orientation.swapsSides ? size.turned : size
        let made = try Scaler(from: format, width: target.width, height: target.height)
        scaler = made
        return made
    }
}
