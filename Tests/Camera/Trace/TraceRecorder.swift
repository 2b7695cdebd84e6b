import InterhumanCore
import Synchronization

@testable import InterhumanCapture

/// The machine's webcam, with a record of every call that is made of it. `TracePlayer` of InterhumanCaptureTests plays
/// it; what the lines mean is written there.
final class TraceRecorder: CameraSystem {
    private struct State {
        var lines: [String] = []
        var known: Set<String> = []
        var opened = 0
    }

    private let base = LinuxCameraSystem()
    private let path: String
    private let state = Mutex(State())

    /// Records the camera at `path`; others aren't seen.
    init(path: String) {
        self.path = path
    }

    var lines: [String] { state.withLock { $0.lines } }
    var now: MediaTime { base.now }

    func nodes() throws(SystemFailure) -> [CameraNode] {
        try base.nodes().filter { $0.path == path }
    }

    func open(_ path: String, convert: Bool) throws(SystemFailure) -> any CameraDevice {
        let device = try base.open(path, convert: convert)
        let number = state.withLock { state in
            state.opened += 1
            return state.opened
        }
        return RecordedDevice(device, number: number, recorder: self)
    }

    func watch() throws(SystemFailure) -> any CameraWatch { try base.watch() }

    func append(_ line: String) {
        state.withLock { $0.lines.append(line) }
    }

    /// Questions whose answer never changes are recorded once.
    func appendOnce(_ line: String) {
        state.withLock { state in
            if state.known.insert(line).inserted { state.lines.append(line) }
        }
    }
}

/// One opening of the recorded camera.
private final class RecordedDevice: CameraDevice {
    private let base: any CameraDevice
    private let number: Int
    private let recorder: TraceRecorder

    init(_ base: any CameraDevice, number: Int, recorder: TraceRecorder) {
        self.base = base
        self.number = number
        self.recorder = recorder
    }

    func request(_ request: CameraRequest, _ argument: UnsafeMutableRawPointer) -> Int32 {
        let size = Int(request.number >> 16 & 0x3FFF)
        let before = Array(UnsafeRawBufferPointer(start: argument, count: size))
        let code = base.request(request, argument)
        let after = Array(UnsafeRawBufferPointer(start: argument, count: size))
        let name = request.rawValue.dropFirst("VIDIOC_".count)
        let text = "\(name) \(code) \(Self.hex(before)) \(Self.difference(before, after))"
        if request.isQuestion { recorder.appendOnce("* \(text)") } else { recorder.append("\(number) \(text)") }
        return code
    }

    func map(length: Int, offset: Int) throws(SystemFailure) -> UnsafeMutableRawBufferPointer {
        try base.map(length: length, offset: offset)
    }

    func unmap(_ memory: UnsafeMutableRawBufferPointer) { base.unmap(memory) }

    func wait(milliseconds: Int32) throws(SystemFailure) -> CameraReadiness {
        let readiness = try base.wait(milliseconds: milliseconds)
        recorder.append("\(number) wait \(readiness.rawValue) \(recorder.now.nanoseconds)")
        return readiness
    }

    func wake() { base.wake() }
    func close() { base.close() }

    /// Without the zeros at the end, of which most arguments consist.
    private static func hex(_ bytes: [UInt8]) -> String {
        let end = bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        return end == 0
            ? "-"
            : bytes.prefix(end).map { byte in
                (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }.joined()
    }

    /// From the first to the last byte that changed: `offset:bytes`.
    private static func difference(_ before: [UInt8], _ after: [UInt8]) -> String {
        let changed = before.indices.filter { before[$0] != after[$0] }
        guard let first = changed.first, let last = changed.last else { return "-" }
        return "\(first):" + after[first...last].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension CameraRequest {
    /// Whether the answer is the same whenever it is asked.
    fileprivate var isQuestion: Bool {
        switch self {
        case .queryCapabilities, .enumerateFormats, .enumerateFrameSizes, .enumerateFrameIntervals, .enumerateInputs,
            .getInput, .queryControl, .queryMenu:
            true
        default: false
        }
    }
}
