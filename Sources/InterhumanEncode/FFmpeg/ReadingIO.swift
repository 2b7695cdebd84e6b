import CInterhumanFFmpeg
import Glibc
import InterhumanCore

/// Owns one `AVIOContext` for reading, with its buffer, and lends it to a demuxer.
///
/// The demuxer must be closed before this is let go: `InputContext` keeps it for that long.
final class ReadingIO {
    let pointer: UnsafeMutablePointer<AVIOContext>
    private let source: Source

    /// What the callbacks work on; kept apart so that the C side never points at a half-made owner.
    private final class Source {
        let read: (UnsafeMutableRawBufferPointer) -> Int?
        let seek: ((_ offset: Int64, _ whence: Int32) -> Int64)?
        init(
            read: @escaping (UnsafeMutableRawBufferPointer) -> Int?, seek: ((Int64, Int32) -> Int64)?
        ) {
            self.read = read
            self.seek = seek
        }
    }

    /// Creates the context.
    ///
    /// - Parameters:
    ///   - bufferByteCount: Size of FFmpeg's buffer.
    ///   - seek: Goes to another place as `fseek` would, or for `AVSEEK_SIZE` tells the size; gives the place, or a
    ///     negative number when it can't. Nil for a stream.
    ///   - read: Fills the buffer; gives the number of bytes, 0 at the end, nil when cancelled or broken.
    init(
        bufferByteCount: Int, seek: ((_ offset: Int64, _ whence: Int32) -> Int64)? = nil,
        read: @escaping (UnsafeMutableRawBufferPointer) -> Int?
    ) throws(EncodeError) {
        FFmpegLog.install()
        source = Source(read: read, seek: seek)
        guard let buffer = av_malloc(bufferByteCount) else { throw FFmpegStatus.outOfMemory("allocate a read buffer") }
        let opaque = Unmanaged.passUnretained(source).toOpaque()
        let context = avio_alloc_context(
            buffer.assumingMemoryBound(to: UInt8.self), Int32(bufferByteCount), 0, opaque,
            { opaque, bytes, count in
                guard let opaque, let bytes else { return ih_averror_eio }
                let source = Unmanaged<Source>.fromOpaque(opaque).takeUnretainedValue()
                let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: Int(count))
                guard let count = source.read(buffer) else { return ih_averror_exit }
                return count == 0 ? ih_averror_eof : Int32(count)
            }, nil,
            { opaque, offset, whence in
                guard let opaque else { return Int64(ih_averror_eio) }
                let source = Unmanaged<Source>.fromOpaque(opaque).takeUnretainedValue()
                return source.seek?(offset, whence) ?? Int64(ih_averror_nosys)
            })
        guard let context else {
            av_free(buffer)
            throw FFmpegStatus.outOfMemory("allocate a reader")
        }
        context.pointee.seekable = seek == nil ? 0 : Int32(AVIO_SEEKABLE_NORMAL)
        pointer = context
    }

    /// Creates a context that reads from memory.
    convenience init(bytes: [UInt8]) throws(EncodeError) {
        let place = Place()
        try self.init(
            bufferByteCount: 16 << 10,
            seek: { offset, whence in
                switch whence & ~ih_seek_force {
                case ih_seek_size: return Int64(bytes.count)
                case SEEK_SET: return place.go(to: offset, in: bytes)
                case SEEK_CUR: return place.go(to: Int64(place.offset) &+ offset, in: bytes)
                case SEEK_END: return place.go(to: Int64(bytes.count) &+ offset, in: bytes)
                default: return Int64(ih_averror_nosys)
                }
            },
            read: { buffer in
                let part = bytes[place.offset...].prefix(buffer.count)
                buffer.copyBytes(from: part)
                place.offset += part.count
                return part.count
            })
    }

    /// A place in memory.
    private final class Place {
        var offset = 0

        func go(to target: Int64, in bytes: [UInt8]) -> Int64 {
            guard target >= 0, target <= Int64(bytes.count) else { return Int64(ih_averror_eio) }
            offset = Int(target)
            return target
        }
    }

    deinit {
        // FFmpeg may have replaced the buffer, so free the one that is there now.
        av_freep(&pointer.pointee.buffer)
        var pointer: UnsafeMutablePointer<AVIOContext>? = pointer
        avio_context_free(&pointer)
    }
}
