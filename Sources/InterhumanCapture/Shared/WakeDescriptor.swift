import CInterhumanV4L2
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An eventfd that ends a `poll`. Owns its descriptor; may be signalled from any thread at any time.
final class WakeDescriptor: Sendable {
    private let descriptor: Mutex<Int32?>
    /// The number for `poll`, for the thread that also closes.
    let number: Int32

    init() throws(SystemFailure) {
        number = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        guard number >= 0 else { throw SystemFailure(call: "eventfd", code: errno) }
        descriptor = Mutex(number)
    }

    deinit {
        close()
    }

    /// Makes the descriptor readable. Nothing after `close`, when its number may belong to somebody else.
    func signal() {
        descriptor.withLock { descriptor in
            if let descriptor { _ = eventfd_write(descriptor, 1) }
        }
    }

    /// Takes the signal back.
    func clear() {
        var value: eventfd_t = 0
        _ = eventfd_read(number, &value)
    }

    /// Blocks until the signal or for so many milliseconds; false for the latter. Takes the signal back.
    func wait(milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, milliseconds) > 0 else { return false }
        clear()
        return true
    }

    func close() {
        descriptor.withLock { descriptor in
            if let open = descriptor { _ = Glibc.close(open) }
            descriptor = nil
        }
    }
}
