import CInterhumanV4L2
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// inotify on /dev and udev's directories of stable names. Owns its two descriptors.
final class LinuxCameraWatch: CameraWatch {
    private let root: String
    private let descriptor: Int32
    private let waker: WakeDescriptor
    private let isClosed = Mutex(false)
    /// The watch of /dev itself, in which much else comes and goes.
    private let rootWatch: Mutex<Int32>

    /// Watches `root`, which is /dev but in tests.
    init(root: String = "/dev") throws(SystemFailure) {
        self.root = root
        waker = try WakeDescriptor()
        descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        rootWatch = Mutex(-1)
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
        for directory in ["/v4l", "/v4l/by-id", "/v4l/by-path"] {
            _ = inotify_add_watch(descriptor, root + directory, mask)
        }
        let watch = inotify_add_watch(descriptor, root, mask)
        rootWatch.withLock { $0 = watch }
    }

    func wait(milliseconds: Int32) -> Bool {
        var descriptors = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: waker.number, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&descriptors, 2, milliseconds) > 0 else { return false }
        if descriptors[1].revents != 0 { waker.clear() }
        guard descriptors[0].revents != 0 else { return false }
        let changed = readEvents()
        addWatches()
        return changed
    }

    /// Takes all events. Whether one was of cameras: a list opens each of them, so that no other change may cause one.
    private func readEvents() -> Bool {
        var changed = false
        let rootWatch = rootWatch.withLock { $0 }
        withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 8) { buffer in
            while case let count = read(descriptor, buffer.baseAddress, buffer.count), count > 0 {
                var offset = 0
                while offset + MemoryLayout<inotify_event>.size <= count {
                    let event = buffer.load(fromByteOffset: offset, as: inotify_event.self)
                    let begin = offset + MemoryLayout<inotify_event>.size
                    let end = min(begin + Int(event.len), count)
                    let name = String(decoding: buffer[begin..<end].prefix { $0 != 0 }, as: UTF8.self)
                    if event.wd != rootWatch || name.hasPrefix("video") || name == "v4l" { changed = true }
                    offset = end
                }
            }
        }
        return changed
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
