import InterhumanCore
import Synchronization

@testable import InterhumanCapture

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A camera that answers as a real driver did when `Tests/Camera/record.sh` recorded it.
///
/// A trace is a text of one call a line. Fields are separated by blanks; numbers are decimal, bytes hexadecimal in this
/// machine's order.
///
/// | line | meaning |
/// | --- | --- |
/// | `N NAME ERRNO ARGUMENT CHANGE` | The ioctl `VIDIOC_NAME` of opening number N (`*`: of any, at any time). ARGUMENT is what went in, without zeros at its end; CHANGE is `OFFSET:BYTES` that came out, `-` for nothing |
/// | `N wait READINESS TIME` | A wait ended for these reasons (``CameraReadiness``) at this time in nanoseconds |
/// | `# …` | A remark |
///
/// Equal questions get their answers in the recorded order, and the last one from then on; so do waits. Frames have their recorded
/// stamps and sizes and consist of zeros.
final class TracePlayer: CameraSystem {
    struct Answer {
        var code: Int32
        var change: (offset: Int, bytes: [UInt8])?
    }

    struct Wait {
        var readiness: CameraReadiness
        var time: MediaTime
    }

    private struct State {
        var answers: [String: [Answer]] = [:]
        var waits: [Int: [Wait]] = [:]
        var now = MediaTime.zero
        var opened = 0
        var open = 0
        var mappings = 0
        var unknown: [String] = []
    }

    struct BadTrace: Error {
        var line: String
    }

    private let state: Mutex<State>

    /// Plays the trace in a file.
    init(path: String) throws {
        guard let file = fopen(path, "r") else { throw BadTrace(line: "can't open \(path)") }
        defer { fclose(file) }
        var state = State()
        var buffer = [CChar](repeating: 0, count: 8_192)
        while fgets(&buffer, Int32(buffer.count), file) != nil {
            let line = String(
                decoding: buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if !line.hasPrefix("#") { try Self.read(line, into: &state) }
        }
        state.now = state.waits[1]?.first?.time ?? .zero
        self.state = Mutex(state)
    }

    private static func read(_ line: String, into state: inout State) throws(BadTrace) {
        let fields = line.split(separator: " ").map(String.init)
        if fields.count == 4, fields[1] == "wait", let number = Int(fields[0]), let reasons = Int(fields[2]),
            let time = Int64(fields[3])
        {
            let wait = Wait(readiness: CameraReadiness(rawValue: reasons), time: MediaTime(nanoseconds: time))
            state.waits[number, default: []].append(wait)
        } else if fields.count == 5, let code = Int32(fields[2]) {
            let change = fields[4] == "-" ? nil : try change(fields[4], line)
            state.answers["\(fields[0]) \(fields[1]) \(fields[3])", default: []].append(
                Answer(code: code, change: change))
        } else {
            throw BadTrace(line: line)
        }
    }

    private static func change(_ text: String, _ line: String) throws(BadTrace) -> (offset: Int, bytes: [UInt8]) {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let offset = Int(parts[0]) else { throw BadTrace(line: line) }
        let digits = Array(parts[1].utf8)
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
        }
        return (offset, bytes)
    }

    /// Questions that the trace has no answer to: the code asks what it did not ask when the trace was recorded.
    var unknown: [String] { state.withLock { $0.unknown } }
    var openDevices: Int { state.withLock { $0.open } }
    var mappings: Int { state.withLock { $0.mappings } }

    // MARK: CameraSystem

    var now: MediaTime { state.withLock { $0.now } }

    func nodes() throws(SystemFailure) -> [CameraNode] { [CameraNode(path: "/dev/video0")] }

    func open(_ path: String, convert: Bool) throws(SystemFailure) -> any CameraDevice {
        let number = state.withLock { state in
            state.opened += 1
            state.open += 1
            return state.opened
        }
        return try PlayedDevice(player: self, number: number)
    }

    func watch() throws(SystemFailure) -> any CameraWatch { try ScriptedWatch(clock: ScriptedClock(mayBlock: false)) }

    // MARK: What a device asks

    func answer(_ number: Int, _ request: CameraRequest, _ argument: UnsafeMutableRawBufferPointer) -> Int32 {
        let end = argument.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        let digits = argument.prefix(end).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let question = "\(request.rawValue.dropFirst("VIDIOC_".count)) \(end == 0 ? "-" : digits)"
        let answer: Answer? = state.withLock { state in
            for key in ["\(number) \(question)", "* \(question)"] {
                guard let answers = state.answers[key], let first = answers.first else { continue }
                if answers.count > 1 { state.answers[key] = Array(answers.dropFirst()) }
                return first
            }
            state.unknown.append("\(number) \(question)")
            return nil
        }
        guard let answer else { return EINVAL }
        if let (offset, bytes) = answer.change, offset + bytes.count <= argument.count {
            UnsafeMutableRawBufferPointer(rebasing: argument[offset..<offset + bytes.count]).copyBytes(from: bytes)
        }
        return answer.code
    }

    /// The next recorded wait; nil for an opening that never waited.
    func nextWait(_ number: Int) -> CameraReadiness? {
        state.withLock { state in
            guard let waits = state.waits[number], let wait = waits.first else { return nil }
            if waits.count > 1 { state.waits[number] = Array(waits.dropFirst()) }
            state.now = wait.time
            return wait.readiness
        }
    }

    func mapped(_ change: Int) { state.withLock { $0.mappings += change } }
    func closed() { state.withLock { $0.open -= 1 } }
}

/// One opening of a ``TracePlayer``.
private final class PlayedDevice: CameraDevice {
    private let player: TracePlayer
    private let number: Int
    private let waker: WakeDescriptor

    init(player: TracePlayer, number: Int) throws(SystemFailure) {
        self.player = player
        self.number = number
        waker = try WakeDescriptor()
    }

    func request(_ request: CameraRequest, _ argument: UnsafeMutableRawPointer) -> Int32 {
        let size = Int(request.number >> 16 & 0x3FFF)
        return player.answer(number, request, UnsafeMutableRawBufferPointer(start: argument, count: size))
    }

    func map(length: Int, offset: Int) throws(SystemFailure) -> UnsafeMutableRawBufferPointer {
        player.mapped(1)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        return memory
    }

    func unmap(_ memory: UnsafeMutableRawBufferPointer) {
        player.mapped(-1)
        memory.deallocate()
    }

    func wait(milliseconds: Int32) throws(SystemFailure) -> CameraReadiness {
        if let readiness = player.nextWait(number) { return readiness.subtracting(.woken) }
        _ = waker.wait(milliseconds: -1)
        return .woken
    }

    func wake() { waker.signal() }
    func close() { player.closed() }
}
