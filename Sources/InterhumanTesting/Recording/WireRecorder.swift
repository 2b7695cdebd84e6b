import Dispatch
public import InterhumanCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Writes a ``WireRecording`` to a file while a session runs. **It holds pictures and voices of people**; only the owner
/// can read it. It holds no credential.
public final class WireRecorder: Sendable {
    private struct State {
        var descriptor: Int32
        var connections = 0
        var failure: WireRecordingError?
    }

    private let clock: any MediaClock
    private let began: MediaTime
    private let queue = DispatchQueue(label: "interhuman.recorder")
    private let state: Mutex<State>

    /// Makes the file, or empties it.
    ///
    /// - Parameters:
    ///   - path: Where.
    ///   - clock: Times the entries.
    /// - Throws: ``WireRecordingError``.
    public init(path: String, clock: any MediaClock = SystemClock()) throws(WireRecordingError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("make", path) }
        self.clock = clock
        began = clock.now
        state = Mutex(State(descriptor: descriptor))
        write(WireRecording.firstLine)
    }

    deinit {
        state.withLock { state in
            if state.descriptor >= 0 { _ = Self.close(state.descriptor) }
        }
    }

    /// What kept the recording from being whole; nil when nothing did.
    public var failure: WireRecordingError? { state.withLock { $0.failure } }

    /// Writes what is left and closes the file. What happens afterwards is not recorded.
    ///
    /// - Throws: ``failure``.
    public func finish() async throws(WireRecordingError) {
        let failure = await withCheckedContinuation { continuation in
            queue.async { [self] in
                let failure = state.withLock { state in
                    if state.descriptor >= 0, Self.close(state.descriptor) != 0 {
                        state.failure = state.failure ?? Self.failure("close", "the recording")
                    }
                    state.descriptor = -1
                    return state.failure
                }
                continuation.resume(returning: failure)
            }
        }
        if let failure { throw failure }
    }

    /// Time since the recording began.
    var now: Duration { clock.now - began }

    func nextConnection() -> Int {
        state.withLock { state in
            state.connections += 1
            return state.connections
        }
    }

    func record(_ entry: WireRecording.Entry) {
        write(entry.bytes)
    }

    /// Waits for the entry to be in the file: what is large must not pile up.
    func recordWaiting(_ entry: WireRecording.Entry) async {
        record(entry)
        await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
    }

    private func write(_ bytes: [UInt8]) {
        queue.async { [self] in
            state.withLock { state in
                guard state.descriptor >= 0, state.failure == nil else { return }
                if !Self.write(bytes, to: state.descriptor) {
                    state.failure = Self.failure("write", "the recording")
                }
            }
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let count = Self.write(descriptor, buffer[offset...])
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                offset += count
            }
            return true
        }
    }

    private static func write(_ descriptor: Int32, _ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
        let rest = UnsafeRawBufferPointer(rebasing: bytes)
        #if canImport(Glibc)
            return Glibc.write(descriptor, rest.baseAddress, rest.count)
        #elseif canImport(Musl)
            return Musl.write(descriptor, rest.baseAddress, rest.count)
        #endif
    }

    private static func close(_ descriptor: Int32) -> Int32 {
        #if canImport(Glibc)
            return Glibc.close(descriptor)
        #elseif canImport(Musl)
            return Musl.close(descriptor)
        #endif
    }

    private static func failure(_ operation: String, _ path: String) -> WireRecordingError {
        WireRecordingError(
            "Could not \(operation) \(path): \(String(cString: strerror(errno))). Check the path and the space left.")
    }
}

extension WireRecording {
    /// Reads a recording from a file. Blocks; meant for tests.
    ///
    /// - Throws: ``WireRecordingError``.
    public init(path: String) throws(WireRecordingError) {
        guard let file = fopen(path, "re") else {
            throw WireRecordingError("\(path) can't be opened: \(String(cString: strerror(errno))). Check the path.")
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk.prefix(count) }
        guard ferror(file) == 0 else { throw WireRecordingError("\(path) can't be read. Check the disk.") }
        try self.init(bytes: bytes)
    }
}
