import CInterhumanV4L2
import InterhumanCore

/// Asks an open device what it is and what it can do.
struct CameraQuery {
    let device: any CameraDevice

    /// Drivers with broken enumerations repeat themselves for ever; nobody has more entries than this.
    private static let limit: UInt32 = 256

    /// What the node says of itself.
    struct Identity {
        var driver: String
        var name: String
        var bus: String
        /// Whether frames can be captured with single-planar streaming.
        var captures: Bool
        /// Whether it captures, but only with the multi-planar interface of embedded boards.
        var isMultiPlanar: Bool
    }

    /// VIDIOC_QUERYCAP. Of the two capability fields the node's own counts, not the whole device's.
    func identity() throws(SystemFailure) -> Identity {
        var answer = v4l2_capability()
        try device.perform(.queryCapabilities, &answer)
        let hasOwn = answer.capabilities & interhuman_V4L2_CAP_DEVICE_CAPS != 0
        let flags = hasOwn ? answer.device_caps : answer.capabilities
        let streams = flags & UInt32(V4L2_CAP_STREAMING) != 0
        return Identity(
            driver: Self.text(answer.driver), name: Self.text(answer.card), bus: Self.text(answer.bus_info),
            captures: streams && flags & UInt32(V4L2_CAP_VIDEO_CAPTURE) != 0,
            isMultiPlanar: streams && flags & UInt32(V4L2_CAP_VIDEO_CAPTURE_MPLANE) != 0)
    }

    /// All formats with their sizes and intervals. An enumeration ends where the driver answers with an error.
    func formats() -> [CameraFormat] {
        var formats: [CameraFormat] = []
        for index in 0..<Self.limit {
            var entry = v4l2_fmtdesc()
            entry.index = index
            entry.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
            guard (try? device.perform(.enumerateFormats, &entry)) != nil else { break }
            let code = FourCC(rawValue: entry.pixelformat)
            formats.append(
                CameraFormat(
                    fourCC: code, name: Self.text(entry.description), sizes: sizes(of: code),
                    isEmulated: entry.flags & UInt32(V4L2_FMT_FLAG_EMULATED) != 0))
        }
        return formats
    }

    private func sizes(of code: FourCC) -> [CameraSize] {
        var sizes: [CameraSize] = []
        for index in 0..<Self.limit {
            var entry = v4l2_frmsizeenum()
            entry.index = index
            entry.pixel_format = code.rawValue
            guard (try? device.perform(.enumerateFrameSizes, &entry)) != nil else { break }
            guard entry.type == V4L2_FRMSIZE_TYPE_DISCRETE.rawValue else {
                if let size = rangeOfSizes(entry.stepwise, code) { sizes.append(size) }
                break
            }
            let (width, height) = (entry.discrete.width, entry.discrete.height)
            sizes.append(
                CameraSize(
                    width: Int(width), height: Int(height),
                    intervals: intervals(of: code, width: width, height: height)))
        }
        // A driver without an enumeration (grabbers with a fixed input) has the size that is set.
        if sizes.isEmpty, let size = presentSize(code) { sizes.append(size) }
        return sizes
    }

    private func rangeOfSizes(_ range: v4l2_frmsize_stepwise, _ code: FourCC) -> CameraSize? {
        guard range.min_width > 0, range.min_width <= range.max_width, range.min_height > 0,
            range.min_height <= range.max_height
        else { return nil }
        return CameraSize(
            widths: Int(range.min_width)...Int(range.max_width),
            heights: Int(range.min_height)...Int(range.max_height),
            widthStep: Int(range.step_width), heightStep: Int(range.step_height),
            intervals: intervals(of: code, width: range.max_width, height: range.max_height))
    }

    private func presentSize(_ code: FourCC) -> CameraSize? {
        var format = v4l2_format()
        format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        guard (try? device.perform(.getFormat, &format)) != nil, format.fmt.pix.width > 0 else { return nil }
        let (width, height) = (format.fmt.pix.width, format.fmt.pix.height)
        return CameraSize(
            width: Int(width), height: Int(height), intervals: intervals(of: code, width: width, height: height))
    }

    private func intervals(of code: FourCC, width: UInt32, height: UInt32) -> [CameraInterval] {
        var intervals: [CameraInterval] = []
        for index in 0..<Self.limit {
            var entry = v4l2_frmivalenum()
            entry.index = index
            entry.pixel_format = code.rawValue
            entry.width = width
            entry.height = height
            guard (try? device.perform(.enumerateFrameIntervals, &entry)) != nil else { break }
            guard entry.type == V4L2_FRMIVAL_TYPE_DISCRETE.rawValue else {
                let range = entry.stepwise
                intervals.append(
                    .stepwise(
                        shortest: FrameInterval(range.min), longest: FrameInterval(range.max),
                        step: FrameInterval(range.step)))
                break
            }
            intervals.append(.discrete(FrameInterval(entry.discrete)))
        }
        return intervals
    }

    /// The text in one of V4L2's fixed arrays of bytes.
    static func text<Bytes>(_ bytes: Bytes) -> String {
        withUnsafeBytes(of: bytes) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

extension FrameInterval {
    /// V4L2's fraction.
    init(_ fraction: v4l2_fract) {
        self.init(numerator: fraction.numerator, denominator: fraction.denominator)
    }
}
