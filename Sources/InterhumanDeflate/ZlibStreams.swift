import CInterhumanZlib

// Why both streams are Sendable: the value can't be copied, so it is the only owner of its pointer, which never gets
// out; zlib's state is reached through mutating methods and the deinit alone, which Swift makes exclusive; and zlib
// binds a stream to no thread.

/// A raw deflate stream that compresses; owns zlib's state, which must not move in memory.
struct DeflateStream: ~Copyable, @unchecked Sendable {
    private let stream: UnsafeMutablePointer<z_stream>

    /// Opens a stream; nil when zlib has no memory.
    ///
    /// - Parameters:
    ///   - windowBits: 8 to 15. zlib has no raw window of 8 bits, so 9 stands in for it: zlib reaches back at most
    ///     window − 262 bytes, which is 250 there and fits the peer's 256.
    ///   - level: 0 to 9.
    init?(windowBits: Int, level: Int) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = deflateInit2_(
            stream, Int32(level), Z_DEFLATED, -Int32(max(windowBits, 9)), 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Compresses a piece and appends what comes out; with `flush`, everything does.
    mutating func compress(_ bytes: UnsafeRawBufferPointer, flush: Bool, into output: inout [UInt8]) {
        // zlib's next_in is not const in its headers, but deflate only reads it.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.assumingMemoryBound(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(bytes.count)
        var isFull = true
        while isFull {
            isFull = withScratch { scratch in
                stream.pointee.next_out = scratch.baseAddress
                stream.pointee.avail_out = UInt32(scratch.count)
                _ = deflate(stream, flush ? Z_SYNC_FLUSH : Z_NO_FLUSH)
                output.append(contentsOf: scratch.prefix(scratch.count - Int(stream.pointee.avail_out)))
                return stream.pointee.avail_out == 0
            }
        }
        stream.pointee.next_in = nil
    }

    /// Forgets the window.
    mutating func reset() {
        _ = deflateReset(stream)
    }
}

/// A raw deflate stream that inflates; owns zlib's state, which must not move in memory.
struct InflateStream: ~Copyable, @unchecked Sendable {
    private let stream: UnsafeMutablePointer<z_stream>

    /// Opens a stream with a window of 8 to 15 bits; nil when zlib has no memory.
    init?(windowBits: Int) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = inflateInit2_(stream, -Int32(windowBits), ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// How an inflation went.
    enum Outcome {
        case done
        case malformed
        case tooLarge
    }

    /// Inflates bytes and appends what comes out, until `output` has `limit` bytes.
    mutating func inflate(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8], limit: Int) -> Outcome {
        // zlib's next_in is not const in its headers, but inflate only reads it.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.assumingMemoryBound(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(bytes.count)
        defer { stream.pointee.next_in = nil }
        while true {
            let (status, isFull, fits) = withScratch { scratch in
                stream.pointee.next_out = scratch.baseAddress
                stream.pointee.avail_out = UInt32(scratch.count)
                let status = CInterhumanZlib.inflate(stream, Z_SYNC_FLUSH)
                let produced = scratch.prefix(scratch.count - Int(stream.pointee.avail_out))
                let fits = produced.count <= limit - output.count
                output.append(contentsOf: produced.prefix(max(0, limit - output.count)))
                return (status, stream.pointee.avail_out == 0, fits)
            }
            guard fits else { return .tooLarge }
            switch status {
            case Z_OK, Z_BUF_ERROR:
                guard isFull else { return stream.pointee.avail_in == 0 ? .done : .malformed }
            case Z_STREAM_END:
                // A block with BFINAL may end a message (RFC 7692 section 7.2.3.4); the window lives on.
                guard inflateResetKeep(stream) == Z_OK else { return .malformed }
                guard isFull || stream.pointee.avail_in > 0 else { return .done }
            default:
                return .malformed
            }
        }
    }

    /// Forgets the window and whatever was in progress.
    mutating func reset() {
        _ = inflateReset(stream)
    }
}

/// Lends 16 KiB of memory.
private func withScratch<Result>(_ body: (UnsafeMutableBufferPointer<UInt8>) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16_384, body)
}
