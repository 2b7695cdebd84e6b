import NIOCore
import NIOPosix

/// Buffers of an event loop's thread, used again and again: fresh ones of this size come from and go back to the
/// kernel, and its page faults cost more than the encryption.
///
/// The pool keeps a reference to each buffer that it lends. When its turn comes again, `clear` finds out whether
/// everybody else has let go of the memory, and takes new memory when not: so nothing needs to be given back.
///
/// `@unchecked Sendable`, for `ThreadSpecificVariable` alone: a pool is reachable only through ``current``, which gives
/// each thread its own, and no caller keeps or passes it on.
final class BufferPool: @unchecked Sendable {
    /// Enough for the frames that may wait in a full channel.
    private static let count = 16
    /// Smaller buffers are malloc's business, larger ones too rare to keep.
    private static let sizes = 4096...262_144

    private static let perThread = ThreadSpecificVariable<BufferPool>()

    private var buffers = [ByteBuffer](repeating: ByteBuffer(), count: count)
    private var next = 0

    /// The calling thread's pool.
    static var current: BufferPool {
        if let pool = perThread.currentValue { return pool }
        let pool = BufferPool()
        perThread.currentValue = pool
        return pool
    }

    /// Lets `body` fill an empty buffer with room for `capacity` bytes.
    func filled(capacity: Int, _ body: (inout ByteBuffer) -> Void) -> ByteBuffer {
        guard Self.sizes.contains(capacity) else {
            var buffer = ByteBufferAllocator().buffer(capacity: capacity)
            body(&buffer)
            return buffer
        }
        let index = next
        next = (next + 1) % Self.count
        // Out of the array while it is filled, so that it is referenced once.
        var buffer = ByteBuffer()
        swap(&buffer, &buffers[index])
        buffer.clear(minimumCapacity: capacity)
        body(&buffer)
        buffers[index] = buffer
        return buffer
    }
}
