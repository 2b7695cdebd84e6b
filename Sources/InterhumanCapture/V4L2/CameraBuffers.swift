import CInterhumanV4L2
import InterhumanCore
import Synchronization

/// The driver's mapped buffers of one stream, and the device that they belong to.
///
/// A buffer is either with the driver or lent to one ``LentFrame``, whose end queues it again. After ``close()`` the
/// memory of lent frames stays mapped until they end; the last one closes the device.
final class CameraBuffers: Sendable {
    private struct State {
        var lent: Set<Int> = []
        var isStreaming = false
        var isClosing = false
        var isClosed = false
        /// After ENODEV a descriptor is dead: no call on it can succeed.
        var isLost = false
    }

    let device: any CameraDevice
    /// Safe to share: the array never changes, and bytes of a buffer are read only by the frame that it is lent to
    /// and written only by the driver while it is queued. A mapping ends only when its buffer is not lent.
    private nonisolated(unsafe) let memory: [UnsafeMutableRawBufferPointer]
    private let state = Mutex(State())

    /// Asks the driver for `count` buffers and maps what it grants.
    ///
    /// The device stays the caller's when this throws.
    init(device: any CameraDevice, count: Int) throws(SystemFailure) {
        self.device = device
        var request = v4l2_requestbuffers()
        request.count = UInt32(clamping: max(2, count))
        request.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        request.memory = V4L2_MEMORY_MMAP.rawValue
        try device.perform(.requestBuffers, &request)
        var memory: [UnsafeMutableRawBufferPointer] = []
        do throws(SystemFailure) {
            // One buffer can't be with the driver and be read at the same time.
            guard request.count >= 2 else { throw SystemFailure(call: "VIDIOC_REQBUFS", code: ENOMEM) }
            for index in 0..<Int(request.count) {
                var buffer = Self.buffer(index)
                try device.perform(.queryBuffer, &buffer)
                memory.append(try device.map(length: Int(buffer.length), offset: Int(buffer.m.offset)))
            }
        } catch {
            memory.forEach(device.unmap)
            Self.release(device)
            throw error
        }
        self.memory = memory
    }

    deinit {
        close()
    }

    /// How many buffers the driver granted.
    var count: Int { memory.count }

    /// How many buffers the driver has at present.
    var heldByDriver: Int { state.withLock { memory.count - $0.lent.count } }

    /// Queues every buffer and starts the stream.
    func start() throws(SystemFailure) {
        for index in memory.indices { try queue(index) }
        var type = Int32(bitPattern: V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue)
        try device.perform(.streamOn, &type)
        state.withLock { $0.isStreaming = true }
    }

    /// Takes a filled buffer from the driver. The caller gives it back, or lends it to a frame that does.
    ///
    /// - Throws: EAGAIN when none is ready.
    func dequeue() throws(SystemFailure) -> v4l2_buffer {
        var buffer = Self.buffer(0)
        try device.perform(.dequeueBuffer, &buffer)
        let index = Int(buffer.index)
        guard memory.indices.contains(index) else { throw SystemFailure(call: "VIDIOC_DQBUF", code: EINVAL) }
        state.withLock { _ = $0.lent.insert(index) }
        return buffer
    }

    /// The memory of a buffer that is lent to the caller.
    func bytes(of index: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(memory[index])
    }

    /// Takes a lent buffer back: to the driver while the stream runs.
    func giveBack(_ index: Int) {
        state.withLock { state in
            guard state.lent.remove(index) != nil else { return }
            if state.isClosing {
                device.unmap(memory[index])
                if state.lent.isEmpty { finish(&state) }
            } else if state.isStreaming, !state.isLost {
                // What the driver refuses is lost to the stream; the worker learns why from its next call.
                try? queue(index)
            }
        }
    }

    /// Says that the device is gone, so that no call is made on it any more.
    func markLost() {
        state.withLock { $0.isLost = true }
    }

    /// Stops the stream and lets go of everything but what frames still show.
    func close() {
        state.withLock { state in
            guard !state.isClosing else { return }
            state.isClosing = true
            var type = Int32(bitPattern: V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue)
            // Fails where the device is gone; there is nothing left to stop then.
            if state.isStreaming { try? device.perform(.streamOff, &type) }
            for index in memory.indices where !state.lent.contains(index) { device.unmap(memory[index]) }
            // Newer kernels leave lent memory to its mappings and free the device at once.
            Self.release(device)
            if state.lent.isEmpty { finish(&state) }
        }
    }

    private func finish(_ state: inout State) {
        guard !state.isClosed else { return }
        state.isClosed = true
        Self.release(device)
        device.close()
    }

    private func queue(_ index: Int) throws(SystemFailure) {
        var buffer = Self.buffer(index)
        try device.perform(.queueBuffer, &buffer)
    }

    /// REQBUFS 0. Refused by a dead device and, on old kernels, while memory is mapped; closing does the same.
    private static func release(_ device: any CameraDevice) {
        var request = v4l2_requestbuffers()
        request.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        request.memory = V4L2_MEMORY_MMAP.rawValue
        try? device.perform(.requestBuffers, &request)
    }

    private static func buffer(_ index: Int) -> v4l2_buffer {
        var buffer = v4l2_buffer()
        buffer.index = UInt32(index)
        buffer.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        buffer.memory = V4L2_MEMORY_MMAP.rawValue
        return buffer
    }
}
