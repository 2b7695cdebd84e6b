import CInterhumanV4L2
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// inotify on /dev and udev's directories of stable names. Owns its two descriptors.
final class LinuxCameraWatch: CameraWatch {
    private let descriptor: Int32
    private let waker: WakeDescriptor
    private let isClosed = Mutex(false)

    init() throws(SystemFailure) {
        waker = try WakeDescriptor()
        descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        guard descriptor >= 0 else { throw SystemFailure(call: "inotify_init1", code: errno) }
        addWatches()
    }

    deinit {
        close()
    }

    /// /dev/v4l and what is in it may not exist yet: asked for again at every change, which is harmless.
    private func addWatches() {
        // A node appears first and gets its permissions a moment later, hence IN_ATTRIB.
        let mask = UInt32(IN_CREATE | IN_DELETE | IN_ATTRIB | IN_MOVED_TO | IN_MOVED_FROM)
        for directory in ["/dev", "/dev/v4l", "/dev/v4l/by-id", "/dev/v4l/by-path"] {
            _ = inotify_add_watch(descriptor, directory, mask)
        }
    }

    func wait(milliseconds: Int32) -> Bool {
        var descriptors = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: waker.number, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&descriptors, 2, milliseconds) > 0 else { return false }
        if descriptors[1].revents != 0 { waker.clear() }
        guard descriptors[0].revents != 0 else { return false }
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while read(descriptor, &buffer, buffer.count) > 0 {}
        addWatches()
        return true
    }

    func wake() {
        waker.signal()
    }

    func close() {
        isClosed.withLock { isClosed in
            guard !isClosed, descriptor >= 0 else { return }
            isClosed = true
            _ = Glibc.close(descriptor)
        }
        waker.close()
    }
}
