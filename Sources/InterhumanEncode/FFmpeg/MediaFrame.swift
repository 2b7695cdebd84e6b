import CInterhumanFFmpeg
import InterhumanCore

/// Owns one `AVFrame`: a picture or a run of samples.
final class MediaFrame {
    let pointer: UnsafeMutablePointer<AVFrame>

    /// Allocates a frame without content.
    init() throws(EncodeError) {
        guard let pointer = av_frame_alloc() else { throw FFmpegStatus.outOfMemory("allocate a frame") }
        self.pointer = pointer
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVFrame>? = pointer
        av_frame_free(&pointer)
    }

    /// Allocates a picture of the given size in pixels.
    convenience init(width: Int, height: Int, format: AVPixelFormat) throws(EncodeError) {
        try self.init()
        pointer.pointee.width = Int32(width)
        pointer.pointee.height = Int32(height)
        pointer.pointee.format = format.rawValue
        try FFmpegStatus.check(av_frame_get_buffer(pointer, 0), "allocate a picture of \(width)x\(height)")
    }

    /// Allocates room for `sampleCount` sample frames.
    convenience init(
        sampleCount: Int, sampleRate: Int, channelCount: Int, format: AVSampleFormat
    ) throws(EncodeError) {
        try self.init()
        pointer.pointee.nb_samples = Int32(sampleCount)
        pointer.pointee.sample_rate = Int32(sampleRate)
        pointer.pointee.format = format.rawValue
        av_channel_layout_default(&pointer.pointee.ch_layout, Int32(channelCount))
        try FFmpegStatus.check(av_frame_get_buffer(pointer, 0), "allocate \(sampleCount) samples")
    }

    /// Lets the content go and keeps the frame for another use.
    func reset() {
        av_frame_unref(pointer)
    }

    /// Makes sure that nobody else sees what is written into the frame next.
    func makeWritable() throws(EncodeError) {
        try FFmpegStatus.check(av_frame_make_writable(pointer), "prepare a frame for writing")
    }
}
