import CInterhumanFFmpeg
import InterhumanCore

/// A decoder's picture, lent by reference.
///
/// `@unchecked Sendable`: the frame is owned by this object alone, nothing changes it or its pixels after `init` (a
/// decoder only reads the pictures that it refers to), and FFmpeg's reference counts are atomic.
final class DecodedFrameStorage: VideoFrameStorage, @unchecked Sendable {
    let format: VideoFormat
    private let frame: MediaFrame
    private let planes: [VideoPlane]

    /// Takes over a decoded frame; the caller keeps no reference to it.
    init(taking frame: MediaFrame) throws(EncodeError) {
        let upright = try Self.upright(frame)
        let pointer = upright.pointer
        let pixelFormat = AVPixelFormat(rawValue: pointer.pointee.format)
        self.frame = upright
        format = Self.format(of: pointer, pixelFormat: pixelFormat)
        planes = try Self.planes(of: pointer, pixelFormat: pixelFormat)
    }

    func withPlanes<Result, Failure: Error>(
        _ body: ([VideoPlane]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withExtendedLifetime(frame) { () throws(Failure) in try body(planes) }
    }

    /// Some decoders give pictures bottom row first with a negative stride; those are turned by copying.
    private static func upright(_ frame: MediaFrame) throws(EncodeError) -> MediaFrame {
        let pointer = frame.pointer
        let strides = withUnsafeBytes(of: pointer.pointee.linesize) { Array($0.bindMemory(to: Int32.self)) }
        guard strides.contains(where: { $0 < 0 }) else { return frame }
        let copy = try MediaFrame(
            width: Int(pointer.pointee.width), height: Int(pointer.pointee.height),
            format: AVPixelFormat(rawValue: pointer.pointee.format))
        try FFmpegStatus.check(av_frame_copy(copy.pointer, pointer), "turn a picture upright")
        try FFmpegStatus.check(av_frame_copy_props(copy.pointer, pointer), "turn a picture upright")
        return copy
    }

    private static func format(
        of pointer: UnsafeMutablePointer<AVFrame>, pixelFormat: AVPixelFormat
    ) -> VideoFormat {
        format(
            width: Int(pointer.pointee.width), height: Int(pointer.pointee.height), pixelFormat: pixelFormat,
            range: pointer.pointee.color_range, matrix: pointer.pointee.colorspace)
    }

    /// A format in this package's terms.
    static func format(
        width: Int, height: Int, pixelFormat: AVPixelFormat, range: AVColorRange, matrix: AVColorSpace
    ) -> VideoFormat {
        let (name, impliedRange) = PixelFormatNames.name(of: pixelFormat)
        return VideoFormat(
            width: width, height: height, pixelFormat: PixelFormat(name: name),
            range: ColorSignal.range(range) ?? impliedRange, matrix: ColorSignal.matrix(matrix))
    }

    private static func planes(
        of pointer: UnsafeMutablePointer<AVFrame>, pixelFormat: AVPixelFormat
    ) throws(EncodeError) -> [VideoPlane] {
        let strides = withUnsafeBytes(of: pointer.pointee.linesize) { Array($0.bindMemory(to: Int32.self)) }
        let data = withUnsafeBytes(of: pointer.pointee.data) {
            Array($0.bindMemory(to: UnsafeMutablePointer<UInt8>?.self))
        }
        var longStrides = strides.prefix(4).map { Int($0) }
        var sizes = [Int](repeating: 0, count: 4)
        try FFmpegStatus.check(
            av_image_fill_plane_sizes(&sizes, pixelFormat, pointer.pointee.height, &longStrides),
            "measure a decoded picture")
        var planes: [VideoPlane] = []
        for index in 0..<4 where sizes[index] > 0 {
            guard let start = data[index] else { break }
            planes.append(
                VideoPlane(
                    bytes: UnsafeRawBufferPointer(start: start, count: sizes[index]),
                    bytesPerRow: longStrides[index]))
        }
        return planes
    }
}
