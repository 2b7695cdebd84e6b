import CInterhumanFFmpeg
import InterhumanCore

/// Decodes one audio track to interleaved 32-bit float.
final class AudioTrackDecoder {
    let streamIndex: Int
    let information: StreamInformation.Audio
    private var decoder: CodecContext
    private let parameters: CodecParameters
    private let timeBase: AVRational
    private let channelCount: Int
    private let sampleRate: Int
    private var converter: Resampler?
    /// Where the next chunk should begin if the container does not say.
    private var expected = MediaTime.zero

    /// Opens the decoder. `channelCount` and `sampleRate` (Hz) are the most that is accepted.
    init(
        stream: UnsafeMutablePointer<AVStream>, channelCount: Int, sampleRate: Int
    ) throws(EncodeError) {
        parameters = try CodecParameters(copying: stream)
        streamIndex = Int(stream.pointee.index)
        timeBase = stream.pointee.time_base
        self.channelCount = channelCount
        self.sampleRate = sampleRate
        information = StreamInformation.Audio(
            codec: parameters.codecName,
            sampleRate: Int(parameters.pointer.pointee.sample_rate),
            channelCount: Int(parameters.pointer.pointee.ch_layout.nb_channels))
        decoder = try CodecContext.decoder(for: parameters, timeBase: timeBase)
        try check(rate: information.sampleRate, channels: information.channelCount)
        try open()
    }

    private func open() throws(EncodeError) {
        decoder.pointer.pointee.thread_count = 1
        try decoder.open()
    }

    /// Decodes a packet, or with nil gives what is held back.
    func decode(_ packet: MediaPacket?) throws(EncodeError) -> [AudioChunk] {
        try decoder.send(packet)
        var chunks: [AudioChunk] = []
        while let frame = try decoder.receiveFrame() {
            if let chunk = try chunk(from: frame) { chunks.append(chunk) }
        }
        return chunks
    }

    /// Begins anew for another turn of the same stream, leading samples to be skipped included.
    func restart() throws(EncodeError) {
        decoder = try CodecContext.decoder(for: parameters, timeBase: timeBase)
        try open()
    }

    private func chunk(from frame: MediaFrame) throws(EncodeError) -> AudioChunk? {
        let pointer = frame.pointer
        let format = AudioFormat(
            sampleRate: Int(pointer.pointee.sample_rate), channelCount: Int(pointer.pointee.ch_layout.nb_channels))
        try check(rate: format.sampleRate, channels: format.channelCount)
        guard format.sampleRate > 0, format.channelCount > 0, pointer.pointee.nb_samples > 0 else { return nil }
        let samples = try converter(for: frame, format: format).convert(frame)
        let start = MediaTimeBase.nanoseconds(pointer.pointee.best_effort_timestamp, timeBase)
        let chunk = AudioChunk(
            format: format, captureTime: start.map { MediaTime(nanoseconds: $0) } ?? expected,
            samples: .float32(samples))
        expected = chunk.captureTime + chunk.duration
        return chunk
    }

    /// The converter for frames like this one; a stream may change its shape.
    private func converter(for frame: MediaFrame, format: AudioFormat) throws(EncodeError) -> Resampler {
        if let converter, converter.accepts(frame) { return converter }
        let made = try Resampler(matching: frame, to: format)
        converter = made
        return made
    }

    private func check(rate: Int, channels: Int) throws(EncodeError) {
        guard rate >= 0, rate <= sampleRate, channels >= 0, channels <= channelCount else {
            throw EncodeError(
                .limitExceeded, operation: "decode audio",
                message: "Audio of \(channels) channels at \(rate) Hz is beyond the \(channelCount) channels and "
                    + "\(sampleRate) Hz allowed. Send less.")
        }
    }
}
