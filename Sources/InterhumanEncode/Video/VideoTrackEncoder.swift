import CInterhumanFFmpeg
import InterhumanCore

/// Encodes pictures as VP9 in real time: one frame in, one packet out.
final class VideoTrackEncoder {
    let codec: CodecContext
    let size: PictureSize
    private let epoch: MediaTime
    /// Distance of the forced keyframes in milliseconds.
    private let keyframeInterval: Int64
    private let target: MediaFrame
    private var scaler: Scaler?
    private var jpegDecoder: JPEGDecoder?
    private var limiter: FrameRateLimiter
    private var lastTime: Int64?
    /// The grid line at which the next keyframe is due, in milliseconds.
    private var nextLine: Int64 = 0
    private let nominalDuration: Int64
    private var lastDuration: Int64

    /// What became of a frame.
    enum Outcome {
        case encoded([EncodedPacket])
        case aboveRate
        case outOfOrder
        case beforeEpoch
        case tooLate
        case broken
    }

    /// Opens the encoder; `keyframeInterval` is in milliseconds.
    init(
        _ description: VideoTrackDescription, settings: SegmentSettings, epoch: MediaTime, keyframeInterval: Int64
    ) throws(EncodeError) {
        let format = description.format
        guard (1...16384).contains(format.width), (1...16384).contains(format.height) else {
            throw EncodeError(
                .invalidInput, operation: "set up the video encoder",
                message: "Pictures of \(format.width)x\(format.height) can't be encoded. Choose another size.")
        }
        size = .fitting(
            width: format.width, height: format.height, maximumWidth: settings.maximumWidth,
            maximumHeight: settings.maximumHeight)
        self.epoch = epoch
        self.keyframeInterval = keyframeInterval
        let announced = description.nominalFrameRate
        let frameRate = min(announced >= 1 && announced <= 1000 ? announced : 30, settings.maximumFrameRate)
        limiter = FrameRateLimiter(frameRate: settings.maximumFrameRate)
        nominalDuration = Int64((1000 / frameRate).rounded())
        lastDuration = nominalDuration
        target = try MediaFrame(width: size.width, height: size.height, format: AV_PIX_FMT_YUV420P)
        codec = try VP9Settings(
            size: size, frameRate: frameRate, bitRate: settings.videoBitRate, speed: settings.videoSpeed,
            colorSpace: ColorSignal(format).colorSpace
        ).makeEncoder()
    }

    /// Later packets have this time or a later one, in milliseconds.
    var position: Int64 { (lastTime ?? -1) + 1 }

    /// When the last picture ends, in milliseconds; its duration is that of the one before.
    var end: Int64 { lastTime.map { $0 + lastDuration } ?? 0 }

    /// Makes the next frame a keyframe.
    func requireKeyframe() {
        nextLine = .min
    }

    /// Encodes a frame, unless its time forbids it; `earliest` is in milliseconds.
    func encode(_ frame: VideoFrame, earliest: Int64) throws(EncodeError) -> Outcome {
        let time = milliseconds(frame.captureTime)
        guard time >= 0 else { return .beforeEpoch }
        if let lastTime, time <= lastTime { return .outOfOrder }
        guard time >= earliest else { return .tooLate }
        guard limiter.keeps(time) else { return .aboveRate }
        guard try convert(frame) else { return .broken }
        if let lastTime { lastDuration = time - lastTime }
        lastTime = time
        let isKeyframe = time >= nextLine
        if isKeyframe { nextLine = (time / keyframeInterval + 1) * keyframeInterval }
        let pointer = target.pointer
        pointer.pointee.pts = time
        // libvpx obeys the picture type, and sources mark every picture as intra (F15): say it for each frame.
        pointer.pointee.pict_type = isKeyframe ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE
        ih_set_frame_duration(pointer, nominalDuration)
        try codec.send(target)
        return .encoded(try takePackets())
    }

    /// Gives what the encoder holds back, which is nothing without look-ahead.
    func finish() throws(EncodeError) -> [EncodedPacket] {
        guard lastTime != nil else { return [] }
        try codec.send(nil as MediaFrame?)
        return try takePackets()
    }

    /// Makes the encoder's picture of a frame. False when the frame is broken.
    private func convert(_ frame: VideoFrame) throws(EncodeError) -> Bool {
        guard frame.format.pixelFormat == .mjpeg else {
            try convert(frame.storage, format: frame.format)
            return true
        }
        guard let picture = try openJPEGDecoder().decode(frame) else { return false }
        try convert(picture, format: picture.format)
        return true
    }

    private func openJPEGDecoder() throws(EncodeError) -> JPEGDecoder {
        if let jpegDecoder { return jpegDecoder }
        let made = try JPEGDecoder()
        jpegDecoder = made
        return made
    }

    private func convert(_ storage: any VideoFrameStorage, format: VideoFormat) throws(EncodeError) {
        let scaler = try scaler(for: format)
        try target.makeWritable()
        try storage.withPlanes { (planes: [VideoPlane]) throws(EncodeError) in
            try scaler.convert(planes, into: target)
        }
    }

    /// The scaler for frames of this shape; a source may change its shape.
    private func scaler(for format: VideoFormat) throws(EncodeError) -> Scaler {
        if let scaler, scaler.source == format { return scaler }
        let made = try Scaler(from: format, width: size.width, height: size.height)
        scaler = made
        return made
    }

    private func takePackets() throws(EncodeError) -> [EncodedPacket] {
        var packets: [EncodedPacket] = []
        while let packet = try codec.receivePacket() {
            packets.append(
                EncodedPacket(
                    packet: packet, track: .video, time: packet.pointer.pointee.pts, duration: 0,
                    isKeyframe: packet.isKeyframe,
                    sampleCount: 0))
        }
        return packets
    }

    /// Matroska counts in milliseconds.
    private func milliseconds(_ time: MediaTime) -> Int64 {
        let nanoseconds = (time - epoch).nanoseconds
        return Int64((Double(nanoseconds) / 1e6).rounded())
    }
}
