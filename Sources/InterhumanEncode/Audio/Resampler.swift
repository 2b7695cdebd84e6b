import CInterhumanFFmpeg
import InterhumanCore

/// Owns one `SwrContext`: converts samples to interleaved 32-bit float of another rate and channel count.
final class Resampler {
    private let pointer: OpaquePointer
    private let inputFormat: AVSampleFormat
    private let inputRate: Int
    private let inputChannelCount: Int
    /// What comes out.
    let output: AudioFormat

    /// Creates a converter; channel orders are FFmpeg's usual ones for the numbers of channels.
    convenience init(
        inputFormat: AVSampleFormat, input: AudioFormat, output: AudioFormat
    ) throws(EncodeError) {
        let layout = ChannelLayout(channelCount: input.channelCount)
        try self.init(inputFormat: inputFormat, inputRate: input.sampleRate, inputLayout: layout, output: output)
    }

    /// Creates a converter for frames like this one.
    convenience init(matching frame: MediaFrame, to output: AudioFormat) throws(EncodeError) {
        let layout = try ChannelLayout(copying: &frame.pointer.pointee.ch_layout)
        try self.init(
            inputFormat: AVSampleFormat(rawValue: frame.pointer.pointee.format),
            inputRate: Int(frame.pointer.pointee.sample_rate), inputLayout: layout, output: output)
    }

    private init(
        inputFormat: AVSampleFormat, inputRate: Int, inputLayout: ChannelLayout, output: AudioFormat
    ) throws(EncodeError) {
        let inputChannelCount = Int(inputLayout.pointer.pointee.nb_channels)
        // Frames with the output's channel count keep their channels in whatever order they have.
        let outputLayout =
            inputChannelCount == output.channelCount ? inputLayout : ChannelLayout(channelCount: output.channelCount)
        var context: OpaquePointer?
        let operation =
            "convert \(inputChannelCount) channels at \(inputRate) Hz to \(output.channelCount) at \(output.sampleRate)"
        try FFmpegStatus.check(
            swr_alloc_set_opts2(
                &context, outputLayout.pointer, AV_SAMPLE_FMT_FLT, Int32(output.sampleRate),
                inputLayout.pointer, inputFormat, Int32(inputRate), 0, nil), operation)
        guard let context else { throw FFmpegStatus.outOfMemory(operation) }
        let status = swr_init(context)
        guard status >= 0 else {
            var context: OpaquePointer? = context
            swr_free(&context)
            throw FFmpegStatus.error(status, operation)
        }
        pointer = context
        self.inputFormat = inputFormat
        self.inputRate = inputRate
        self.inputChannelCount = inputChannelCount
        self.output = output
    }

    deinit {
        var pointer: OpaquePointer? = pointer
        swr_free(&pointer)
    }

    /// Whether the converter was made for frames like this one.
    func accepts(_ frame: MediaFrame) -> Bool {
        frame.pointer.pointee.format == inputFormat.rawValue
            && Int(frame.pointer.pointee.sample_rate) == inputRate
            && Int(frame.pointer.pointee.ch_layout.nb_channels) == inputChannelCount
    }

    /// Converts a decoded frame; with another output rate some samples stay inside until `drain`.
    func convert(_ frame: MediaFrame) throws(EncodeError) -> [Float] {
        let planes = UnsafePointer<UnsafePointer<UInt8>?>(OpaquePointer(frame.pointer.pointee.extended_data))
        return try convert(planes, count: Int(frame.pointer.pointee.nb_samples))
    }

    /// Converts interleaved samples.
    func convert(_ samples: UnsafeRawBufferPointer, frameCount: Int) throws(EncodeError) -> [Float] {
        let plane: UnsafePointer<UInt8>? = samples.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let result = withUnsafePointer(to: plane) { planes in
            Result { () throws(EncodeError) in try convert(planes, count: frameCount) }
        }
        return try result.get()
    }

    /// Converts a chunk of the converter's input format without its first `skipped` sample frames.
    func convert(_ chunk: AudioChunk, skipping skipped: Int) throws(EncodeError) -> [Float] {
        let first = skipped * chunk.format.channelCount
        let count = chunk.frameCount - skipped
        let result: Result<[Float], EncodeError> =
            switch chunk.samples {
            case .int16(let samples):
                samples[first...].withUnsafeBytes { bytes in
                    Result { () throws(EncodeError) in try convert(bytes, frameCount: count) }
                }
            case .float32(let samples):
                samples[first...].withUnsafeBytes { bytes in
                    Result { () throws(EncodeError) in try convert(bytes, frameCount: count) }
                }
            }
        return try result.get()
    }

    /// Sample frames that are inside, counted at `rate` Hz.
    func delay(inRate rate: Int) -> Int64 {
        swr_get_delay(pointer, Int64(rate))
    }

    /// Gives what is still inside.
    func drain() throws(EncodeError) -> [Float] {
        try convert(nil, count: 0)
    }

    private func convert(
        _ planes: UnsafePointer<UnsafePointer<UInt8>?>?, count: Int
    ) throws(EncodeError) -> [Float] {
        let room = Int(
            try FFmpegStatus.check(swr_get_out_samples(pointer, Int32(count)), "measure converted audio"))
        var failure: Int32 = 0
        let samples = [Float](unsafeUninitializedCapacity: room * output.channelCount) { buffer, used in
            let target = UnsafeMutableRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: UInt8.self)
            let status = ih_convert(pointer, target, Int32(room), planes, Int32(count))
            failure = min(0, status)
            used = max(0, Int(status)) * output.channelCount
        }
        try FFmpegStatus.check(failure, "convert audio")
        return samples
    }
}
