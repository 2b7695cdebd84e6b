import CInterhumanFFmpeg
import InterhumanCore

/// Encodes pictures in real time, and changes bit rate, frame rate and size while it runs.
///
/// What a codec can't change while it is open takes effect with a fresh one, at a picture that begins a segment.
final class VideoTrackEncoder {
    /// What the encoder that is open makes.
    private(set) var parameters: CodecParameters
    private var settings: VideoEncoderSettings
    private var codec: CodecContext
    private var converter: PictureConverter
    private var jpegDecoder: JPEGDecoder?
    private(set) var clock: FrameClock
    /// Times of the pictures that are in the encoder, with whether they begin a segment.
    private var inside: [(time: Int64, beginsSegment: Bool)] = []
    /// What takes effect with the next picture that begins a segment.
    private var pending: (bitRate: Int?, size: PictureSize?) = (nil, nil)
    private var isDrained = false

    private let source: PictureSize
    private let orientation: PictureOrientation
    private var maximumSize: PictureSize
    private let announcedFrameRate: Double
    private(set) var maximumFrameRate: Double
    private(set) var repeatedCount = 0

    /// What a picture is to be for the stream.
    enum Role {
        case ordinary
        case keyframe
        /// The keyframe of a segment that was begun before it came.
        case expectedStart
        /// A keyframe with which a segment begins.
        case segmentStart

        /// Whether a fresh encoder may make it.
        var beginsAnew: Bool { self == .segmentStart || self == .expectedStart }
    }

    /// Opens the encoder.
    init(
        _ description: VideoTrackDescription, kind: VideoEncoderKind, settings: SegmentSettings, epoch: MediaTime
    ) throws(EncodeError) {
        let format = description.format
        guard (1...16384).contains(format.width), (1...16384).contains(format.height) else {
            throw EncodeError(
                .invalidInput, operation: "set up the video encoder",
                message: "Pictures of \(format.width)x\(format.height) can't be encoded. Choose another size.")
        }
        let upright = PictureSize(width: format.width, height: format.height)
        orientation = settings.orientation
        source = orientation.swapsSides ? upright.turned : upright
        maximumSize = PictureSize(width: settings.maximumWidth, height: settings.maximumHeight)
        maximumFrameRate = settings.maximumFrameRate
        let announced = description.nominalFrameRate
        announcedFrameRate = announced >= 1 && announced <= 1000 ? announced : 30
        let frameRate = min(announcedFrameRate, maximumFrameRate)
        clock = FrameClock(epoch: epoch, maximumFrameRate: maximumFrameRate, frameRate: frameRate)
        let size = source.fitting(maximumSize)
        converter = try PictureConverter(size: size, orientation: orientation)
        self.settings = VideoEncoderSettings(
            kind: kind, preset: settings.videoPreset, options: settings.videoOptions, size: size,
            frameRate: frameRate, bitRate: settings.videoBitRate, colorSpace: ColorSignal(format).colorSpace,
            hasGlobalHeader: settings.container.hasGlobalHeader, measuresQuality: settings.measuresQuality)
        codec = try self.settings.makeEncoder()
        parameters = try CodecParameters(of: codec)
    }

    /// What is made at the moment.
    var description: EncoderDescription.Video {
        EncoderDescription.Video(
            width: settings.size.width, height: settings.size.height, maximumFrameRate: maximumFrameRate,
            bitRate: settings.bitRate)
    }

    /// Size of the pictures that go in at the moment.
    var size: PictureSize { settings.size }

    /// The codec, with the encoder's name and preset.
    var name: String { codec.name }

    /// Later packets have this time or a later one, in milliseconds.
    var position: Int64 { inside.first?.time ?? (clock.lastTime ?? -1) + 1 }

    /// Number of pictures that are in the encoder.
    var insideCount: Int { inside.count }

    // MARK: Pictures

    /// Judges a picture by its time; `earliest` is in milliseconds.
    func judge(_ frame: VideoFrame, earliest: Int64) -> FrameClock.Verdict {
        clock.judge(frame.captureTime, earliest: earliest)
    }

    /// The pixels of a frame; nil when they are a broken JPEG picture.
    func pixels(of frame: VideoFrame) throws(EncodeError) -> (storage: any VideoFrameStorage, format: VideoFormat)? {
        guard frame.format.pixelFormat == .mjpeg else { return (frame.storage, frame.format) }
        return try openJPEGDecoder().decode(frame).map { ($0, $0.format) }
    }

    /// Encodes a picture at `time` (milliseconds), which is after the one before.
    func encode(
        _ pixels: (storage: any VideoFrameStorage, format: VideoFormat), at time: Int64, captureTime: MediaTime,
        as role: Role
    ) throws(EncodeError) -> [EncodedPacket] {
        var packets: [EncodedPacket] = []
        if role.beginsAnew { packets += try applyPending(includingSize: role == .segmentStart) }
        try converter.convert(pixels.storage, format: pixels.format)
        return packets + (try encodePicture(at: time, captureTime: captureTime, as: role))
    }

    private func encodePicture(
        at time: Int64, captureTime: MediaTime?, as role: Role
    ) throws(EncodeError) -> [EncodedPacket] {
        clock.advance(to: time, captureTime: captureTime)
        let pointer = converter.picture.pointer
        pointer.pointee.pts = time
        // libvpx obeys the picture type, and sources mark every picture as intra (F15): say it for each frame.
        pointer.pointee.pict_type = role == .ordinary ? AV_PICTURE_TYPE_NONE : AV_PICTURE_TYPE_I
        ih_set_frame_duration(pointer, Int64((1000 / settings.frameRate).rounded()))
        inside.append((time, role == .segmentStart))
        try codec.send(converter.picture)
        return try takePackets()
    }

    /// Encodes the last picture again and again until `end` (milliseconds), so that the stream lasts that long.
    func repeatLastPicture(until end: Int64) throws(EncodeError) -> [EncodedPacket] {
        guard clock.lastTime != nil else { return [] }
        var packets: [EncodedPacket] = []
        if isDrained { try open() }
        let step = max(1, Int64((1000 / settings.frameRate).rounded()))
        while clock.end + step <= end {
            try converter.picture.makeWritable()
            packets += try encodePicture(at: clock.end, captureTime: nil, as: .ordinary)
            repeatedCount += 1
        }
        return packets + (try finish())
    }

    /// Encodes the last picture once more, as a keyframe.
    func repeatLastPicture() throws(EncodeError) -> [EncodedPacket] {
        guard clock.lastTime != nil else { return [] }
        if isDrained { try open() }
        try converter.picture.makeWritable()
        repeatedCount += 1
        return try encodePicture(at: clock.end, captureTime: nil, as: .keyframe) + finish()
    }

    /// Gives what the encoder holds back, which is nothing for most.
    func finish() throws(EncodeError) -> [EncodedPacket] {
        inside.isEmpty ? [] : try drain()
    }

    private func openJPEGDecoder() throws(EncodeError) -> JPEGDecoder {
        if let jpegDecoder { return jpegDecoder }
        let made = try JPEGDecoder()
        jpegDecoder = made
        return made
    }

    private func takePackets() throws(EncodeError) -> [EncodedPacket] {
        var packets: [EncodedPacket] = []
        while let packet = try codec.receivePacket() {
            let beginsSegment = inside.isEmpty ? false : inside.removeFirst().beginsSegment
            packets.append(
                EncodedPacket(
                    packet: packet, track: .video, time: packet.pointer.pointee.pts, duration: 0,
                    isKeyframe: packet.isKeyframe, beginsSegment: beginsSegment, parameters: parameters))
        }
        return packets
    }

    // MARK: Changes

    /// Takes what can change at once, keeps the rest for the next segment; says when all of it shows.
    func adjust(_ adjustment: EncoderAdjustment) -> EncoderAdjustment.Effect {
        let bounds = SegmentSettings.Bounds.self
        var effect = EncoderAdjustment.Effect.none
        if let rate = adjustment.maximumFrameRate, !rate.isNaN {
            effect = max(effect, setFrameRate(min(max(rate, bounds.frameRate.lowerBound), bounds.frameRate.upperBound)))
        }
        if let rate = adjustment.videoBitRate {
            effect = max(
                effect, setBitRate(min(max(rate, bounds.videoBitRate.lowerBound), bounds.videoBitRate.upperBound)))
        }
        if let width = adjustment.maximumWidth { maximumSize.width = bounds.pictureSide.clamp(width) }
        if let height = adjustment.maximumHeight { maximumSize.height = bounds.pictureSide.clamp(height) }
        return max(effect, setSize(source.fitting(maximumSize)))
    }

    private func setFrameRate(_ rate: Double) -> EncoderAdjustment.Effect {
        guard rate != maximumFrameRate else { return .none }
        maximumFrameRate = rate
        clock.limit(to: rate)
        settings.frameRate = min(announcedFrameRate, rate)
        settings.setFrameRate(of: codec)
        return .nextPicture
    }

    private func setBitRate(_ rate: Int) -> EncoderAdjustment.Effect {
        guard rate != (pending.bitRate ?? settings.bitRate) else { return .none }
        pending.bitRate = nil
        guard rate != settings.bitRate else { return .none }
        guard settings.kind.changesBitRateWhileOpen else {
            pending.bitRate = rate
            return .nextSegment
        }
        settings.bitRate = rate
        settings.setBitRate(of: codec)
        return .nextPicture
    }

    private func setSize(_ size: PictureSize) -> EncoderAdjustment.Effect {
        guard size != (pending.size ?? settings.size) else { return .none }
        pending.size = size == settings.size ? nil : size
        return pending.size == nil ? .none : .nextStream
    }

    /// Whether everything that went in came out and the next segment needs no other shape, so that the segment in
    /// progress can be ended before the next picture comes.
    var canEndSegment: Bool { inside.isEmpty && pending.size == nil }

    /// Opens a fresh encoder where something waits for it; gives what the one before held back.
    private func applyPending(includingSize: Bool) throws(EncodeError) -> [EncodedPacket] {
        let isFresh = clock.lastTime == nil
        let size = includingSize ? pending.size : nil
        guard pending.bitRate != nil || size != nil || (!settings.kind.obeysKeyframeRequests && !isFresh) else {
            return []
        }
        let packets = try finish()
        settings.bitRate = pending.bitRate ?? settings.bitRate
        pending.bitRate = nil
        if let size {
            settings.size = size
            pending.size = nil
            converter = try PictureConverter(size: size, orientation: orientation)
        }
        try open()
        return packets
    }

    private func open() throws(EncodeError) {
        codec = try settings.makeEncoder()
        isDrained = false
        let made = try CodecParameters(of: codec)
        // The same object says that the container goes on.
        if !made.continues(parameters) { parameters = made }
    }

    private func drain() throws(EncodeError) -> [EncodedPacket] {
        isDrained = true
        try codec.send(nil as MediaFrame?)
        return try takePackets()
    }
}

extension ClosedRange<Int> {
    fileprivate func clamp(_ value: Int) -> Int { Swift.min(Swift.max(value, lowerBound), upperBound) }
}
