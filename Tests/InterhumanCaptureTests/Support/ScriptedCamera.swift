import CInterhumanV4L2
import InterhumanCore
import Synchronization

@testable import InterhumanCapture

/// A camera that answers ioctls as a script says, with real memory behind its buffers. It outlives its openings, as
/// hardware does.
final class ScriptedCamera: Sendable {
    /// Sendable although it holds pointers: it lives in a mutex, and the memory that they show is the camera's own.
    struct State: @unchecked Sendable {
        var capabilities = UInt32(V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING)
        var name = "Scripted"
        var bus = "usb-0000:00:14.0-1"
        var formats: [CameraFormat] = [ScriptedCamera.yuyv]
        var controls: [v4l2_query_ext_ctrl] = []
        var values: [UInt32: Int32] = [:]
        var grantedBuffers: UInt32?
        /// Answers to the next calls, by request; 0 lets one pass.
        var failures: [CameraRequest: [Int32]] = [:]
        /// The answer to every call of a request.
        var standing: [CameraRequest: Int32] = [:]
        var openFailure: Int32 = 0
        var isGone = false
        var isFailed = false
        var isStreaming = false
        var pixels = v4l2_pix_format()
        var interval = v4l2_fract(numerator: 1, denominator: 30)
        var queued: [Int] = []
        var filled: [v4l2_buffer] = []
        var pendingEvents: [UInt32] = []
        var memory: [UnsafeMutableRawBufferPointer] = []
        /// Of buffers that were asked for before.
        var earlierMemory: [UnsafeMutableRawBufferPointer] = []
        var log: [CameraRequest] = []
        var openDevices = 0
        var mappings = 0
        var opened = 0
        /// Whether the driver was asked again after the last frame and had no more.
        var isSettled = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// 320x240 and 640x480 at 30 and 15 frames a second.
    static let yuyv = CameraFormat(
        fourCC: FourCC("YUYV"), name: "YUYV 4:2:2",
        sizes: [(320, 240), (640, 480)].map { width, height in
            CameraSize(
                width: width, height: height,
                intervals: [.discrete(FrameInterval(rate: 30)), .discrete(FrameInterval(rate: 15))])
        })

    /// 640x480 and 1280x720 at 30 frames a second.
    static let mjpeg = CameraFormat(
        fourCC: FourCC("MJPG"), name: "Motion-JPEG",
        sizes: [(640, 480), (1280, 720)].map { width, height in
            CameraSize(width: width, height: height, intervals: [.discrete(FrameInterval(rate: 30))])
        })

    let node: CameraNode
    let clock: ScriptedClock
    private let state: Mutex<State>
    private let signal: WakeDescriptor

    init(
        path: String = "/dev/video0", byID: String? = "usb-Maker_Scripted_1234-video-index0",
        clock: ScriptedClock = ScriptedClock(), _ configure: (inout State) -> Void = { _ in }
    ) throws {
        node = CameraNode(path: path, byID: byID)
        self.clock = clock
        signal = try WakeDescriptor()
        var state = State()
        configure(&state)
        self.state = Mutex(state)
    }

    deinit {
        state.withLock { state in (state.memory + state.earlierMemory).forEach { $0.deallocate() } }
    }

    /// Changes the script and lets waiters look again.
    func change<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        let value = state.withLock { body(&$0) }
        signal.signal()
        return value
    }

    /// Calls made so far.
    var log: [CameraRequest] { state.withLock { $0.log } }
    var openDevices: Int { state.withLock { $0.openDevices } }
    var mappings: Int { state.withLock { $0.mappings } }
    var timesOpened: Int { state.withLock { $0.opened } }
    var queuedCount: Int { state.withLock { $0.queued.count } }

    /// Fills the next queued buffer. False when the driver has none: the frame is lost, as with hardware.
    @discardableResult
    func deliver(
        sequence: UInt32, time: MediaTime? = nil, bytes: [UInt8]? = nil,
        flags: Int32 = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC | V4L2_BUF_FLAG_TSTAMP_SRC_SOE
    ) -> Bool {
        let time = time ?? clock.now
        return change { state in
            guard state.isStreaming, !state.queued.isEmpty else { return false }
            let index = state.queued.removeFirst()
            var buffer = v4l2_buffer()
            buffer.index = UInt32(index)
            buffer.sequence = sequence
            buffer.flags = UInt32(flags)
            interhuman_v4l2_set_time(&buffer, time.nanoseconds)
            let memory = state.memory[index]
            if let bytes {
                memory.copyBytes(from: bytes.prefix(memory.count))
                buffer.bytesused = UInt32(min(bytes.count, memory.count))
            } else {
                memory.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: sequence))
                buffer.bytesused = UInt32(memory.count)
            }
            state.filled.append(buffer)
            state.isSettled = false
            return true
        }
    }

    /// Waits until the reading thread has dealt with all that was delivered.
    func settled() async {
        await withCheckedContinuation { continuation in
            let isSettled = state.withLock { state in
                if !state.isSettled { state.waiters.append(continuation) }
                return state.isSettled
            }
            if isSettled { continuation.resume() }
        }
    }

    func open() throws(SystemFailure) -> any CameraDevice {
        let failure = state.withLock { state in
            if state.isGone { return ENOENT }
            if state.openFailure == 0 {
                state.openDevices += 1
                state.opened += 1
            }
            return state.openFailure
        }
        guard failure == 0 else { throw SystemFailure(call: "open", code: failure) }
        return ScriptedDevice(camera: self)
    }

    // MARK: What the device asks

    func answer(_ request: CameraRequest, _ argument: UnsafeMutableRawPointer) -> Int32 {
        let (code, waiters): (Int32, [CheckedContinuation<Void, Never>]) = state.withLock { state in
            let code = answer(request, argument, &state)
            guard request == .dequeueBuffer, code == EAGAIN else { return (code, []) }
            state.isSettled = true
            defer { state.waiters = [] }
            return (code, state.waiters)
        }
        waiters.forEach { $0.resume() }
        return code
    }

    private func answer(
        _ request: CameraRequest, _ argument: UnsafeMutableRawPointer, _ state: inout State
    ) -> Int32 {
        state.log.append(request)
        if state.isGone { return ENODEV }
        if let standing = state.standing[request] { return standing }
        if var failures = state.failures[request], !failures.isEmpty {
            let failure = failures.removeFirst()
            state.failures[request] = failures
            if failure != 0 { return failure }
        }
        return ScriptedAnswers.answer(request, argument, &state)
    }

    func map(_ offset: Int) throws(SystemFailure) -> UnsafeMutableRawBufferPointer {
        let memory: UnsafeMutableRawBufferPointer? = state.withLock { state in
            guard state.memory.indices.contains(offset) else { return nil }
            state.mappings += 1
            return state.memory[offset]
        }
        guard let memory else { throw SystemFailure(call: "mmap", code: EINVAL) }
        return memory
    }

    func unmap() {
        state.withLock { $0.mappings -= 1 }
    }

    func close() {
        state.withLock { $0.openDevices -= 1 }
    }

    /// What there is to do at present; empty for nothing.
    var readiness: CameraReadiness {
        state.withLock { state in
            var readiness: CameraReadiness = []
            if !state.filled.isEmpty { readiness.insert(.readable) }
            if !state.pendingEvents.isEmpty { readiness.insert(.event) }
            if state.isGone || state.isFailed { readiness.insert(.failed) }
            return readiness
        }
    }

    func waitForChange(_ milliseconds: Int32) -> Bool {
        guard clock.mayBlock else {
            clock.advance(by: .milliseconds(Int64(milliseconds)))
            return false
        }
        return signal.wait(milliseconds: milliseconds)
    }

    func wakeWaiters() {
        signal.signal()
    }
}

/// One opening of a ``ScriptedCamera``.
final class ScriptedDevice: CameraDevice {
    private let camera: ScriptedCamera
    private let isWoken = Mutex(false)

    init(camera: ScriptedCamera) {
        self.camera = camera
    }

    func request(_ request: CameraRequest, _ argument: UnsafeMutableRawPointer) -> Int32 {
        camera.answer(request, argument)
    }

    func map(length: Int, offset: Int) throws(SystemFailure) -> UnsafeMutableRawBufferPointer {
        try camera.map(offset)
    }

    func unmap(_ memory: UnsafeMutableRawBufferPointer) {
        camera.unmap()
    }

    func wait(milliseconds: Int32) throws(SystemFailure) -> CameraReadiness {
        while true {
            var readiness = camera.readiness
            let woken = isWoken.withLock { woken in
                defer { woken = false }
                return woken
            }
            if woken { readiness.insert(.woken) }
            if !readiness.isEmpty { return readiness }
            if !camera.waitForChange(milliseconds) { return [] }
        }
    }

    func wake() {
        isWoken.withLock { $0 = true }
        camera.wakeWaiters()
    }

    func close() {
        camera.close()
    }
}
