import CInterhumanFFmpeg
import InterhumanCore

/// Owns one `AVChannelLayout`.
final class ChannelLayout {
    let pointer: UnsafeMutablePointer<AVChannelLayout>

    /// FFmpeg's usual layout for that number of channels.
    init(channelCount: Int) {
        pointer = .allocate(capacity: 1)
        pointer.initialize(to: AVChannelLayout())
        av_channel_layout_default(pointer, Int32(clamping: channelCount))
    }

    /// A copy of a layout.
    init(copying layout: UnsafePointer<AVChannelLayout>) throws(EncodeError) {
        pointer = .allocate(capacity: 1)
        pointer.initialize(to: AVChannelLayout())
        try FFmpegStatus.check(av_channel_layout_copy(pointer, layout), "copy a channel layout")
        // A decoder that knows only the number of channels gives no order; converters need one.
        if pointer.pointee.order == AV_CHANNEL_ORDER_UNSPEC {
            av_channel_layout_default(pointer, pointer.pointee.nb_channels)
        }
    }

    deinit {
        av_channel_layout_uninit(pointer)
        pointer.deallocate()
    }
}
