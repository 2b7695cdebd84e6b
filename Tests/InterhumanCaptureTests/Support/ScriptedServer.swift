import InterhumanCore
import Synchronization

@testable import InterhumanCapture

/// A sound server that does as a script says.
final class ScriptedServer: SoundServer {
    struct State {
        var microphones: [Microphone]
        /// Answers to the next tries to record; nil lets one succeed.
        var failures: [CaptureError?] = []
        /// Answers to the next questions for the sources; nil lets one succeed.
        var listingFailures: [CaptureError?] = []
        var requests: [RecordRequest] = []
        var handler: (@Sendable (borrowing RecordingNotice) -> Void)?
        var open = 0
    }

    let clock: ScriptedClock
    private let state: Mutex<State>
    /// Nobody holds it any more.
    let freed = OneShot<Void>()

    deinit {
        freed.fulfil(())
    }

    init(_ microphones: [Microphone], clock: ScriptedClock = ScriptedClock()) {
        self.clock = clock
        state = Mutex(State(microphones: microphones))
    }

    static func microphone(
        _ id: String, isDefault: Bool = false, isMonitor: Bool = false
    ) -> Microphone {
        Microphone(
            id: id, name: "The \(id)", isDefault: isDefault, isMonitor: isMonitor,
            format: AudioFormat(sampleRate: 44_100, channelCount: 2))
    }

    static func failure(_ code: CaptureError.Code) -> CaptureError {
        CaptureError(code, operation: "record", message: "scripted")
    }

    func fail(with failures: [CaptureError?]) {
        state.withLock { $0.failures = failures }
    }

    func failListing(with failures: [CaptureError?]) {
        state.withLock { $0.listingFailures = failures }
    }

    var requests: [RecordRequest] { state.withLock { $0.requests } }
    var openRecordings: Int { state.withLock { $0.open } }
    var now: MediaTime { clock.now }

    func microphones() throws(CaptureError) -> [Microphone] {
        let answer: Result<[Microphone], CaptureError> = state.withLock { state in
            if !state.listingFailures.isEmpty, let failure = state.listingFailures.removeFirst() {
                return .failure(failure)
            }
            return .success(state.microphones)
        }
        return try answer.get()
    }

    func record(
        _ request: RecordRequest, handler: @escaping @Sendable (borrowing RecordingNotice) -> Void
    ) throws(CaptureError) -> any Recording {
        let failure: CaptureError? = state.withLock { state in
            state.requests.append(request)
            if !state.failures.isEmpty, let failure = state.failures.removeFirst() { return failure }
            state.handler = handler
            state.open += 1
            return nil
        }
        if let failure { throw failure }
        return ScriptedRecording(server: self, source: request.source, fragment: request.fragment)
    }

    /// Tells the recording something, as the server's thread would.
    func tell(_ content: RecordingNotice.Content) {
        let handler = state.withLock { $0.handler }
        handler?(RecordingNotice(content))
    }

    /// Gives 20 ms of samples taken just now.
    func give(_ value: Int16 = 1000) {
        clock.advance(by: .milliseconds(20))
        let samples = [Int16](repeating: value, count: 960)
        samples.withUnsafeBufferPointer { tell(.samples($0, captured: clock.now - .milliseconds(20))) }
    }

    func closed() {
        state.withLock { state in
            state.open -= 1
            state.handler = nil
        }
    }
}

/// A recording of a ``ScriptedServer``.
final class ScriptedRecording: Recording {
    private let server: ScriptedServer
    let source: String
    let fragment: Duration

    init(server: ScriptedServer, source: String, fragment: Duration) {
        self.server = server
        self.source = source
        self.fragment = fragment
    }

    func close() {
        server.closed()
    }
}
