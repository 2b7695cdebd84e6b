import NIOCore
import NIOPosix

/// Buffers of an event loop's thread, used again and again: fresh ones of this size come from and go back to the
/// kernel, and its page faults cost more than the encryption.
///
/// The pool keeps a reference to each buffer that it lends, and lends it again when that is the only one left: so nothing
/// needs to be given back.
///
/// `@unchecked Sendable`, for `ThreadSpecificVariable` alone: a pool is reachable only through ``current``, which gives
/// each thread its own, and no caller keeps or passes it on.
final class BufferPool: @unchecked Sendable {
    /// Enough for the frames that may wait in a full channel.
    private static let count = 16
    /// Smaller buffers are malloc's business, larger ones too rare to keep.
    private static let sizes = 4096...262_144

    private static let perThread = ThreadSpecificVariable<BufferPool>()

    private var buffers: [ByteBuffer] = []

    /// The calling thread's pool.
    static var current: BufferPool {
        if let pool = perThread.currentValue { return pool }
        let pool = BufferPool()
        perThread.currentValue = pool
        return pool
    }

    /// Lets `body` fill an empty buffer with room for `capacity` bytes.
    ///
    /// The first free buffer is taken, not the next: as long as the socket takes what is written, one stays in use and in
    /// the processor's cache. `body` must not come back to the pool.
    func filled(capacity: Int, _ body: (inout ByteBuffer) -> Void) -> ByteBuffer {
        guard Self.sizes.contains(capacity) else { return Self.fresh(capacity, body) }
        for index in buffers.indices {
            let isFilled: Void? = buffers[index].modifyIfUniquelyOwned { buffer in
                buffer.clear(minimumCapacity: capacity)
                body(&buffer)
            }
            if isFilled != nil { return buffers[index] }
        }
        let buffer = Self.fresh(capacity, body)
        if buffers.count < Self.count { buffers.append(buffer) }
        return buffer
    }

    private static func fresh(_ capacity: Int, _ body: (inout ByteBuffer) -> Void) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: capacity)
        body(&buffer)
        return buffer
    }
}
