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
        /// Whether the source is suspended when it is opened.
        var isSuspended = false
        /// Where questions for the sources wait; nil for no waiting.
        var hang: Hang?
        /// After so many looks at the clock this is done.
        var afterLooks: (count: Int, action: @Sendable () -> Void)?
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

    var isSuspended: Bool {
        get { state.withLock { $0.isSuspended } }
        set { state.withLock { $0.isSuspended = newValue } }
    }

    /// Answers no question for the sources from now on.
    func hang() throws(SystemFailure) -> Hang {
        let hang = try Hang()
        state.withLock { $0.hang = hang }
        return hang
    }

    var now: MediaTime {
        let action: (@Sendable () -> Void)? = state.withLock { state in
            guard let looks = state.afterLooks else { return nil }
            state.afterLooks = looks.count > 1 ? (looks.count - 1, looks.action) : nil
            return state.afterLooks == nil ? looks.action : nil
        }
        action?()
        return clock.now
    }

    /// Has something done when the worker's thread has gone round several times.
    func afterRounds(_ action: @escaping @Sendable () -> Void) {
        state.withLock { $0.afterLooks = (6, action) }
    }

    /// Waits for that.
    func rounds() async {
        let done = OneShot<Void>()
        afterRounds { done.fulfil(()) }
        await done.value()
    }

    func microphones(until stop: StopSignal) throws(CaptureError) -> [Microphone] {
        if let hang = state.withLock({ $0.hang }) { throw hang.wait(until: stop) }
        let answer: Result<[Microphone], CaptureError> = state.withLock { state in
            if !state.listingFailures.isEmpty, let failure = state.listingFailures.removeFirst() {
                return .failure(failure)
            }
            return .success(state.microphones)
        }
        return try answer.get()
    }

    func record(
        _ request: RecordRequest, until stop: StopSignal,
        handler: @escaping @Sendable (borrowing RecordingNotice) -> Void
    ) throws(CaptureError) -> any Recording {
        let failure: CaptureError? = state.withLock { state in
            state.requests.append(request)
            if !state.failures.isEmpty, let failure = state.failures.removeFirst() { return failure }
            state.handler = handler
            state.open += 1
            return nil
        }
        if let failure { throw failure }
        if isSuspended { tell(.suspended(true)) }
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
