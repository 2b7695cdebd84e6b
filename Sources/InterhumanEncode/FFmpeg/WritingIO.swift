import CInterhumanFFmpeg
import InterhumanCore

/// Owns one `AVIOContext` for writing, with its buffer, and collects what a muxer writes.
///
/// The muxer must be closed before this is let go: `OutputContext` keeps it for that long.
final class WritingIO {
    let pointer: UnsafeMutablePointer<AVIOContext>
    private let sink: Sink

    /// Where the callback puts the bytes; kept apart so that the C side never points at a half-made owner.
    private final class Sink {
        var bytes: [UInt8] = []
        /// How many bytes the last piece had: a good guess for the next.
        var lastCount = 0
    }

    /// Creates the context with a buffer of `bufferByteCount` bytes.
    init(bufferByteCount: Int) throws(EncodeError) {
        sink = Sink()
        guard let buffer = av_malloc(bufferByteCount) else {
            throw FFmpegStatus.outOfMemory("allocate a write buffer")
        }
        let context = ih_writer(
            buffer.assumingMemoryBound(to: UInt8.self), Int32(bufferByteCount),
            Unmanaged.passUnretained(sink).toOpaque(),
            { opaque, bytes, count in
                guard let opaque, let bytes, count >= 0 else { return ih_averror_eio }
                let sink = Unmanaged<Sink>.fromOpaque(opaque).takeUnretainedValue()
                sink.bytes.append(contentsOf: UnsafeBufferPointer(start: bytes, count: Int(count)))
                return count
            })
        guard let context else {
            av_free(buffer)
            throw FFmpegStatus.outOfMemory("allocate a writer")
        }
        context.pointee.seekable = 0
        pointer = context
    }

    deinit {
        av_freep(&pointer.pointee.buffer)
        var pointer: UnsafeMutablePointer<AVIOContext>? = pointer
        avio_context_free(&pointer)
    }

    /// Gives what was written since the last time, all of it.
    func takeBytes() -> [UInt8] {
        avio_flush(pointer)
        let bytes = sink.bytes
        sink.bytes = []
        sink.lastCount = bytes.count
        sink.bytes.reserveCapacity(sink.lastCount + sink.lastCount / 4)
        return bytes
    }
}
