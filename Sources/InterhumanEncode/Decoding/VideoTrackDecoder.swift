import CInterhumanFFmpeg
import InterhumanCore

/// Decodes one video track. Frames are lent by reference: no pixel is copied.
final class VideoTrackDecoder {
    let streamIndex: Int
    let information: StreamInformation.Video
    private var decoder: CodecContext
    private let parameters: CodecParameters
    private let threadCount: Int
    private let timeBase: AVRational
    private let pixelCount: Int
    private var frameNumber: UInt64 = 0
    /// Where the next picture should begin if the container does not say.
    private var expected = MediaTime.zero

    /// A picture and whether it was coded without reference to others.
    struct Picture {
        let frame: VideoFrame
        let isKeyframe: Bool
    }

    /// Opens the decoder; pictures of more than `pixelCount` pixels are refused before they are decoded.
    init(stream: UnsafeMutablePointer<AVStream>, pixelCount: Int, threadCount: Int = 1) throws(EncodeError) {
        parameters = try CodecParameters(copying: stream)
        self.threadCount = threadCount
        streamIndex = Int(stream.pointee.index)
        timeBase = stream.pointee.time_base
        self.pixelCount = pixelCount
        let (width, height) = (Int(parameters.pointer.pointee.width), Int(parameters.pointer.pointee.height))
        try Self.check(width: width, height: height, pixelCount: pixelCount)
        information = StreamInformation.Video(
            codec: parameters.codecName, width: width, height: height)
        decoder = try CodecContext.decoder(for: parameters, timeBase: timeBase)
        try open()
    }

    private func open() throws(EncodeError) {
        decoder.pointer.pointee.thread_count = Int32(threadCount)
        decoder.pointer.pointee.max_pixels = Int64(pixelCount)
        try decoder.open()
    }

    /// Decodes a packet, or with nil gives what is held back.
    func decode(_ packet: MediaPacket?) throws(EncodeError) -> [Picture] {
        try decoder.send(packet)
        var pictures: [Picture] = []
        while let frame = try decoder.receiveFrame() {
            pictures.append(try picture(from: frame))
        }
        return pictures
    }

    /// Begins anew for another turn of the same stream.
    func restart() throws(EncodeError) {
        decoder = try CodecContext.decoder(for: parameters, timeBase: timeBase)
        try open()
    }

    private func picture(from frame: MediaFrame) throws(EncodeError) -> Picture {
        let pointer = frame.pointer
        try Self.check(
            width: Int(pointer.pointee.width), height: Int(pointer.pointee.height), pixelCount: pixelCount)
        let stamp = MediaTimeBase.nanoseconds(pointer.pointee.best_effort_timestamp, timeBase)
        let time = stamp.map { MediaTime(nanoseconds: $0) } ?? expected
        let duration = MediaTimeBase.nanoseconds(max(0, ih_frame_duration(pointer)), timeBase) ?? 0
        expected = time + .nanoseconds(duration)
        let isKeyframe = ih_frame_is_key(pointer) != 0
        let storage = try DecodedFrameStorage(taking: frame)
        defer { frameNumber += 1 }
        return Picture(
            frame: VideoFrame(
                format: storage.format, captureTime: time,
                duration: duration > 0 ? .nanoseconds(duration) : nil, sequence: frameNumber, storage: storage),
            isKeyframe: isKeyframe)
    }

    private static func check(width: Int, height: Int, pixelCount: Int) throws(EncodeError) {
        let (product, overflow) = width.multipliedReportingOverflow(by: height)
        guard width >= 0, height >= 0, !overflow, product <= pixelCount else {
            throw EncodeError(
                .limitExceeded, operation: "decode video",
                message: "A picture of \(width)x\(height) is larger than the \(pixelCount) pixels allowed. "
                    + "Send smaller pictures.")
        }
    }
}
