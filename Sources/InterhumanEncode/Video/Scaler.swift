import CInterhumanFFmpeg
import InterhumanCore

/// Owns one `SwsContext`: scales a picture, changes its layout and its range, all in one pass.
final class Scaler {
    /// Shape of the pictures that it takes.
    let source: VideoFormat
    private let pointer: OpaquePointer
    private let pixelFormat: AVPixelFormat

    /// What it makes.
    enum Layout {
        /// Limited-range 4:2:0, what encoders take.
        case planar
        /// Packed full-range RGB, what screens take.
        case rgb
        /// Full-range 4:2:0 by BT.601, what JPEG files hold.
        case jpeg

        fileprivate var options: [(name: String, value: Int)] {
            switch self {
            case .planar:
                [
                    ("dst_format", Int(AV_PIX_FMT_YUV420P.rawValue)), ("dst_range", 0),
                    ("sws_flags", Int(SWS_BILINEAR | SWS_ACCURATE_RND)),
                ]
            case .jpeg:
                [
                    ("dst_format", Int(AV_PIX_FMT_YUV420P.rawValue)), ("dst_range", 1),
                    ("sws_flags", Int(SWS_BILINEAR | SWS_ACCURATE_RND)),
                ]
            case .rgb:
                // Chrominance for every pixel: pictures this small have edges everywhere, and odd sides.
                [
                    ("dst_format", Int(AV_PIX_FMT_RGB24.rawValue)), ("dst_range", 1),
                    ("sws_flags", Int(SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT)),
                ]
            }
        }
    }

    /// Creates a scaler from `source` to a layout of the given size.
    init(from source: VideoFormat, width: Int, height: Int, to layout: Layout = .planar) throws(EncodeError) {
        self.source = source
        let operation = "convert \(source.pixelFormat) of \(source.width)x\(source.height)"
        guard
            let pixelFormat = PixelFormatNames.format(named: source.pixelFormat.name),
            sws_isSupportedInput(pixelFormat) != 0, (1...16384).contains(source.width),
            (1...16384).contains(source.height)
        else {
            throw EncodeError(
                .invalidInput, operation: operation,
                message: "FFmpeg can't convert such pictures. Choose another format at the source.")
        }
        self.pixelFormat = pixelFormat
        guard let context = sws_alloc_context() else { throw FFmpegStatus.outOfMemory(operation) }
        pointer = context
        let isFull = ColorSignal(source).isFullRange(pixelFormat)
        // The ranges must be known before `sws_init_context`, or a picture that keeps its size is copied as it is.
        let options: [(name: String, value: Int)] = [
            ("srcw", source.width), ("srch", source.height), ("src_format", Int(pixelFormat.rawValue)),
            ("src_range", isFull ? 1 : 0), ("dstw", width), ("dsth", height),
        ]
        for (name, value) in options + layout.options {
            try FFmpegStatus.check(av_opt_set_int(UnsafeMutableRawPointer(context), name, Int64(value), 0), operation)
        }
        try FFmpegStatus.check(sws_init_context(context, nil, nil), operation)
        // RGB gets the matrix of the source, too; YUV keeps its own, since the encoder signals the same.
        let matrix = sws_getCoefficients(ColorSignal(source).swscaleMatrix)
        let target = layout == .jpeg ? sws_getCoefficients(Int32(SWS_CS_ITU601)) : matrix
        sws_setColorspaceDetails(
            context, matrix, isFull ? 1 : 0, target, layout == .planar ? 0 : 1, 0, 1 << 16, 1 << 16)
    }

    deinit {
        sws_freeContext(pointer)
    }

    /// Converts a picture into `target`.
    func convert(_ planes: [VideoPlane], into target: MediaFrame) throws(EncodeError) {
        try check(planes)
        var data = planes.prefix(4).map { $0.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) }
        var strides = planes.prefix(4).map { Int32(truncatingIfNeeded: $0.bytesPerRow) }
        while data.count < 4 {
            data.append(nil)
            strides.append(0)
        }
        let output = target.pointer
        let status = withUnsafePointer(to: &output.pointee.data) { targets in
            withUnsafePointer(to: &output.pointee.linesize) { targetStrides in
                sws_scale(
                    pointer, data, strides, 0, Int32(source.height),
                    UnsafeRawPointer(targets).assumingMemoryBound(to: UnsafeMutablePointer<UInt8>?.self),
                    UnsafeRawPointer(targetStrides).assumingMemoryBound(to: Int32.self))
            }
        }
        try FFmpegStatus.check(status, "convert a picture")
    }

    /// A source of somebody else's may lie about its planes; nothing is read beyond them.
    private func check(_ planes: [VideoPlane]) throws(EncodeError) {
        var rows = [Int32](repeating: 0, count: 4)
        try FFmpegStatus.check(
            av_image_fill_linesizes(&rows, pixelFormat, Int32(source.width)), "measure a picture")
        var strides = [Int](repeating: 0, count: 4)
        for index in 0..<4 where index < planes.count { strides[index] = planes[index].bytesPerRow }
        var sizes = [Int](repeating: 0, count: 4)
        try FFmpegStatus.check(
            av_image_fill_plane_sizes(&sizes, pixelFormat, Int32(source.height), &strides), "measure a picture")
        for index in 0..<4 where rows[index] > 0 {
            // The last row may end with its pixels.
            let isWhole =
                index < planes.count && planes[index].bytesPerRow >= Int(rows[index])
                && planes[index].bytesPerRow <= 1 << 20
                && planes[index].bytes.count >= sizes[index] - planes[index].bytesPerRow + Int(rows[index])
            guard isWhole else {
                throw EncodeError(
                    .invalidInput, operation: "convert a picture",
                    message: "The planes of a frame hold less than its format \(source.pixelFormat) of "
                        + "\(source.width)x\(source.height) needs. Correct the source.")
            }
        }
    }
}
