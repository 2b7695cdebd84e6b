import CInterhumanFFmpeg
import Glibc
import InterhumanCore

/// Owns one `AVIOContext` for writing, with its buffer, and collects what a muxer writes.
///
/// The muxer must be closed before this is let go: `OutputContext` keeps it for that long.
final class WritingIO {
    let pointer: UnsafeMutablePointer<AVIOContext>
    /// Whether the muxer may go back.
    let isSeekable: Bool
    private let sink: Sink

    /// Where the callback puts the bytes; kept apart so that the C side never points at a half-made owner.
    private final class Sink {
        var bytes: [UInt8] = []
        /// Where the next byte goes.
        var place = 0

        func write(_ more: UnsafeBufferPointer<UInt8>) {
            let overwritten = min(more.count, bytes.count - place)
            bytes.replaceSubrange(place..<place + overwritten, with: more)
            place += more.count
        }

        func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
            let target: Int64
            switch whence & ~ih_seek_force {
            case ih_seek_size: return Int64(bytes.count)
            case SEEK_SET: target = offset
            case SEEK_CUR: target = Int64(place) &+ offset
            case SEEK_END: target = Int64(bytes.count) &+ offset
            default: return Int64(ih_averror_nosys)
            }
            guard target >= 0, target <= Int64(bytes.count) else { return Int64(ih_averror_eio) }
            place = Int(target)
            return target
        }

        /// How many bytes the last piece had: a good guess for the next.
        var lastCount = 0
    }

    /// Creates the context with a buffer of `bufferByteCount` bytes.
    init(bufferByteCount: Int, isSeekable: Bool) throws(EncodeError) {
        self.isSeekable = isSeekable
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
                sink.write(UnsafeBufferPointer(start: bytes, count: Int(count)))
                return count
            },
            { opaque, offset, whence in
                guard let opaque else { return Int64(ih_averror_eio) }
                return Unmanaged<Sink>.fromOpaque(opaque).takeUnretainedValue().seek(offset, whence)
            })
        guard let context else {
            av_free(buffer)
            throw FFmpegStatus.outOfMemory("allocate a writer")
        }
        context.pointee.seekable = isSeekable ? Int32(AVIO_SEEKABLE_NORMAL) : 0
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
        sink.place = 0
        sink.lastCount = bytes.count
        sink.bytes.reserveCapacity(sink.lastCount + sink.lastCount / 4)
        return bytes
    }
}
