import CInterhumanV4L2
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A device node opened through libv4l2. Owns the descriptor and the one that ends its waits.
final class LinuxCameraDevice: CameraDevice {
    private let descriptor: Int32
    private let waker: WakeDescriptor
    private let isClosed = Mutex(false)

    /// Opens `path` for streaming; `convert` allows libv4lconvert's software formats.
    init(path: String, convert: Bool) throws(SystemFailure) {
        waker = try WakeDescriptor()
        descriptor = interhuman_v4l2_open(path, convert ? 1 : 0)
        guard descriptor >= 0 else { throw SystemFailure(call: "open", code: -descriptor) }
    }

    deinit {
        close()
    }

    func request(_ request: CameraRequest, _ argument: UnsafeMutableRawPointer) -> Int32 {
        interhuman_v4l2_ioctl(descriptor, request.number, argument)
    }

    func map(length: Int, offset: Int) throws(SystemFailure) -> UnsafeMutableRawBufferPointer {
        var code: Int32 = 0
        guard let address = interhuman_v4l2_mmap(descriptor, length, Int64(offset), &code) else {
            throw SystemFailure(call: "mmap", code: code)
        }
        return UnsafeMutableRawBufferPointer(start: address, count: length)
    }

    func unmap(_ memory: UnsafeMutableRawBufferPointer) {
        v4l2_munmap(memory.baseAddress, memory.count)
    }

    func wait(milliseconds: Int32) throws(SystemFailure) -> CameraReadiness {
        var descriptors = [
            pollfd(fd: descriptor, events: Int16(POLLIN | POLLPRI), revents: 0),
            pollfd(fd: waker.number, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&descriptors, 2, milliseconds) >= 0 else {
            // A signal is as good as an early end of the wait.
            if errno == EINTR { return [] }
            throw SystemFailure(call: "poll", code: errno)
        }
        let answer = Int32(descriptors[0].revents)
        var readiness: CameraReadiness = []
        if answer & POLLIN != 0 { readiness.insert(.readable) }
        if answer & POLLPRI != 0 { readiness.insert(.event) }
        if answer & (POLLERR | POLLHUP | POLLNVAL) != 0 { readiness.insert(.failed) }
        if descriptors[1].revents != 0 {
            readiness.insert(.woken)
            waker.clear()
        }
        return readiness
    }

    func wake() {
        waker.signal()
    }

    func close() {
        isClosed.withLock { isClosed in
            guard !isClosed, descriptor >= 0 else { return }
            isClosed = true
            _ = v4l2_close(descriptor)
        }
        waker.close()
    }
}
