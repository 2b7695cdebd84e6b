import CInterhumanFFmpeg
import InterhumanCore

/// Encodes samples, mono at 48 kHz, and keeps them on the capture clock.
///
/// Samples are counted, not stamped: chunks that follow each other within ``resyncThreshold`` are joined. A larger
/// gap is filled with silence; what comes for a time that is filled already is dropped. Either way sound and capture
/// time agree to the sample afterwards.
final class AudioTrackEncoder {
    /// What the encoder makes.
    let parameters: CodecParameters
    /// Samples in a packet.
    let frameCount: Int
    private let kind: AudioCodec
    private let settings: (bitRate: Int, hasGlobalHeader: Bool)
    private var codec: CodecContext
    private let epoch: MediaTime
    private let frame: MediaFrame
    private var converter: Resampler?
    private var converterInput: (format: AudioFormat, sampleFormat: AVSampleFormat)?
    private var queue = SampleQueue()
    /// Samples that went to the codec.
    private var encodedCount: Int64 = 0
    /// What is added to the codec's times: 0 but for a second codec at the end.
    private var codecOrigin: Int64 = 0
    /// Whether the samples so far end where the next ones begin, but for what is tolerated.
    private var isAligned = false
    private var isFinished = false
    private var isFirstPacket = true

    private(set) var silentCount = 0
    private(set) var droppedCount = 0
    private(set) var packetSampleCount = 0

    /// Rate of the encoded audio, in Hz.
    static let sampleRate = 48_000
    /// By how much capture time and count may differ before samples are put in or left out: 60 ms.
    static let resyncThreshold = sampleRate * 60 / 1000

    /// Opens the encoder; `bitRate` is in bits a second.
    init(_ kind: AudioCodec, bitRate: Int, hasGlobalHeader: Bool, epoch: MediaTime) throws(EncodeError) {
        self.kind = kind
        self.epoch = epoch
        settings = (bitRate, hasGlobalHeader)
        codec = try Self.open(kind, bitRate: bitRate, hasGlobalHeader: hasGlobalHeader)
        parameters = try CodecParameters(of: codec)
        frameCount = Int(codec.pointer.pointee.frame_size)
        frame = try MediaFrame(
            sampleCount: frameCount, sampleRate: Self.sampleRate, channelCount: 1,
            format: codec.pointer.pointee.sample_fmt)
    }

    private static func open(
        _ kind: AudioCodec, bitRate: Int, hasGlobalHeader: Bool
    ) throws(EncodeError) -> CodecContext {
        let codec = try CodecContext.encoder(named: kind.encoderName)
        let context = codec.pointer
        context.pointee.sample_rate = Int32(Self.sampleRate)
        av_channel_layout_default(&context.pointee.ch_layout, 1)
        context.pointee.bit_rate = Int64(bitRate)
        context.pointee.time_base = AVRational(num: 1, den: Int32(Self.sampleRate))
        if hasGlobalHeader { context.pointee.flags |= ih_codec_flag_global_header }
        if kind == .aac {
            // With one channel planar is the same as interleaved.
            context.pointee.sample_fmt = AV_SAMPLE_FMT_FLTP
        } else {
            context.pointee.sample_fmt = AV_SAMPLE_FMT_FLT
            try codec.set("frame_duration", to: "20")
            try codec.set("application", to: "voip")
        }
        try codec.open()
        return codec
    }

    /// Later packets have this time or a later one, in milliseconds.
    var position: Int64 { encodedCount * 1000 / Int64(Self.sampleRate) }

    /// Samples since the epoch, those that wait included.
    private var count: Int64 { encodedCount + Int64(queue.count) }

    /// When the last sample ends, in milliseconds.
    var end: Int64 { (count * 1000 + Int64(Self.sampleRate) - 1) / Int64(Self.sampleRate) }

    /// Encodes samples.
    func encode(_ chunk: AudioChunk) throws(EncodeError) -> [EncodedPacket] {
        guard chunk.format.sampleRate > 0, (1...64).contains(chunk.format.channelCount), chunk.frameCount > 0,
            chunk.format.sampleRate <= 768_000
        else {
            throw EncodeError(
                .invalidInput, operation: "encode audio",
                message: "A chunk of \(chunk.samples.count) samples in \(chunk.format.channelCount) channels at "
                    + "\(chunk.format.sampleRate) Hz can't be encoded. Correct the source.")
        }
        let converter = try converter(for: chunk)
        let skipped = try align(chunk, delay: converter.delay(inRate: Self.sampleRate))
        guard skipped < chunk.frameCount else { return [] }
        queue.append(try self.converter(for: chunk).convert(chunk, skipping: skipped))
        return try encodeWholeFrames()
    }

    /// Fills with silence up to `time` (milliseconds), for a source that gives nothing.
    func fill(upTo time: Int64) throws(EncodeError) -> [EncodedPacket] {
        let missing = time * Int64(Self.sampleRate) / 1000 - count
        guard missing > 0, !isFinished else { return [] }
        try appendSilence(Int(min(missing, Int64(Self.longestSilence))))
        isAligned = true
        return try encodeWholeFrames()
    }

    /// Encodes what waits, as a last shorter frame, and gives what the codec holds back.
    func finish() throws(EncodeError) -> [EncodedPacket] {
        guard !isFinished else { return [] }
        isFinished = true
        if let converter { queue.append(try converter.drain()) }
        var packets = try encodeWholeFrames()
        if queue.count > 0 { packets += try encodeFrame(queue.count) }
        guard encodedCount > 0 else { return packets }
        try codec.send(nil as MediaFrame?)
        return packets + (try takePackets())
    }

    /// Goes on with silence up to `end` (milliseconds) after the track has finished, so that the stream lasts that long.
    ///
    /// A codec that was drained takes nothing more: a fresh one follows it, whose delay is silence as well.
    func continueSilently(until end: Int64) throws(EncodeError) -> [EncodedPacket] {
        guard isFinished, encodedCount > 0 else { return [] }
        let missing = end * Int64(Self.sampleRate) / 1000 - count
        guard missing > 0 else { return [] }
        let held = Int64(codec.pointer.pointee.initial_padding)
        codec = try Self.open(kind, bitRate: settings.bitRate, hasGlobalHeader: settings.hasGlobalHeader)
        codecOrigin = encodedCount + held
        encodedCount += held
        isFinished = false
        queue.appendSilence(Int(min(missing, Int64(Self.longestSilence))))
        silentCount += Int(missing)
        return try finish()
    }

    /// Puts silence in before the chunk, or says how many of its sample frames to leave out.
    private func align(_ chunk: AudioChunk, delay: Int64) throws(EncodeError) -> Int {
        let nanoseconds = (chunk.captureTime - epoch).nanoseconds
        let wanted = Int64((Double(nanoseconds) * Double(Self.sampleRate) / 1e9).rounded())
        let difference = wanted - (count + delay)
        // The first chunk, and the first after a step, is put exactly where it belongs; later ones follow the one before.
        let threshold = isAligned ? Int64(Self.resyncThreshold) : 0
        if difference > threshold {
            try appendSilence(Int(min(difference, Int64(Self.longestSilence))))
            isAligned = true
            return 0
        }
        guard difference < -threshold else {
            isAligned = true
            return 0
        }
        let frames = Double(-difference) * Double(chunk.format.sampleRate) / Double(Self.sampleRate)
        let skipped = min(chunk.frameCount, Int(frames.rounded()))
        isAligned = skipped < chunk.frameCount
        droppedCount += skipped * Self.sampleRate / chunk.format.sampleRate
        return skipped
    }

    /// A wrong time stamp must not ask for hours of silence: 10 min.
    private static let longestSilence = sampleRate * 600

    private func appendSilence(_ count: Int) throws(EncodeError) {
        // What the converter holds comes before the silence.
        if let converter {
            let rest = try converter.drain()
            queue.append(rest)
            self.converter = nil
        }
        queue.appendSilence(count)
        silentCount += count
    }

    private func encodeWholeFrames() throws(EncodeError) -> [EncodedPacket] {
        var packets: [EncodedPacket] = []
        while queue.count >= frameCount { packets += try encodeFrame(frameCount) }
        return packets
    }

    private func encodeFrame(_ sampleCount: Int) throws(EncodeError) -> [EncodedPacket] {
        try frame.makeWritable()
        let pointer = frame.pointer
        guard let target = pointer.pointee.data.0 else { throw FFmpegStatus.outOfMemory("encode audio") }
        queue.take(sampleCount, into: target)
        pointer.pointee.nb_samples = Int32(sampleCount)
        pointer.pointee.pts = encodedCount - codecOrigin
        encodedCount += Int64(sampleCount)
        try codec.send(frame)
        return try takePackets()
    }

    private func takePackets() throws(EncodeError) -> [EncodedPacket] {
        var packets: [EncodedPacket] = []
        let padding = Int64(codec.pointer.pointee.initial_padding)
        while let packet = try codec.receivePacket() {
            let first = packet.pointer.pointee.pts + codecOrigin
            let held = packet.pointer.pointee.duration
            let sampleCount = max(0, held - (isFirstPacket ? padding : 0))
            isFirstPacket = false
            packetSampleCount += Int(sampleCount)
            packets.append(
                EncodedPacket(
                    packet: packet, track: .audio,
                    // The codec's delay makes the first time negative; blocks count from the first packet.
                    time: (first + padding) * 1000 / Int64(Self.sampleRate),
                    duration: held * 1000 / Int64(Self.sampleRate), isKeyframe: true, sampleCount: Int(sampleCount),
                    firstSample: first, heldSampleCount: held))
        }
        return packets
    }

    private func converter(for chunk: AudioChunk) throws(EncodeError) -> Resampler {
        let sampleFormat: AVSampleFormat =
            switch chunk.samples {
            case .int16: AV_SAMPLE_FMT_S16
            case .float32: AV_SAMPLE_FMT_FLT
            }
        if let converter, let input = converterInput, input == (chunk.format, sampleFormat) { return converter }
        if let converter { queue.append(try converter.drain()) }
        let made = try Resampler(
            inputFormat: sampleFormat, input: chunk.format,
            output: AudioFormat(sampleRate: Self.sampleRate, channelCount: 1))
        converter = made
        converterInput = (chunk.format, sampleFormat)
        return made
    }
}
