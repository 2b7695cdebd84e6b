import InterhumanCore
import Synchronization

/// Runs one microphone: the server's thread makes chunks of samples, a thread of our own fills silence, watches, and
/// opens the recording afresh.
final class MicrophoneWorker: DeviceWorker {
    private struct State {
        var track: MicrophoneTrack
        var isStopped = false
        var isSuspended = false
        var lastSamples: MediaTime
        var failure: CaptureError?
        var newDefault: String?
        var restarts: UInt64 = 0
    }

    /// How often the thread looks, in milliseconds.
    private static let tick: Int32 = 100
    /// First and longest pause between tries to open, in milliseconds.
    private static let pauses: (first: Int64, longest: Int64) = (100, 2_000)

    private let server: any SoundServer
    private let selector: String?
    private let configuration: MicrophoneConfiguration
    /// Ten seconds of 20 ms.
    let chunks = NewestQueue<AudioChunk, CaptureError>(capacity: 500)
    let events: EventChannel<MicrophoneEvent>
    private let waker: WakeDescriptor
    private let state: Mutex<State>

    init(
        server: any SoundServer, selector: String?, configuration: MicrophoneConfiguration,
        events: EventChannel<MicrophoneEvent>
    ) throws(SystemFailure) {
        self.server = server
        self.selector = selector
        self.configuration = configuration
        self.events = events
        waker = try WakeDescriptor()
        let track = MicrophoneTrack(format: configuration.format, silenceTimeout: configuration.silenceTimeout)
        state = Mutex(State(track: track, lastSamples: server.now))
    }

    var statistics: MicrophoneStatistics {
        state.withLock { state in
            var statistics = state.track.statistics
            statistics.restarts = state.restarts
            statistics.droppedByConsumer = chunks.droppedCount
            return statistics
        }
    }

    func close() {
        waker.close()
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        waker.signal()
        chunks.finish(discarding: true)
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    // MARK: Opening

    /// Chooses the source and begins to record. Called on the worker's thread.
    func open() throws(CaptureError) -> any Recording {
        let microphones = try server.microphones()
        let source = try MicrophoneChoice(selector: selector).choose(among: microphones)
        let request = RecordRequest(
            source: source.id, format: configuration.format, fragment: configuration.fragment,
            mayMove: configuration.mayMove, knownDefault: microphones.first(where: \.isDefault)?.id)
        state.withLock { state in
            state.failure = nil
            state.newDefault = nil
            state.isSuspended = false
            state.lastSamples = server.now
        }
        return try server.record(request) { [weak self] notice in self?.take(notice) }
    }

    func describe(_ recording: any Recording) -> String {
        let wanted = configuration
        return """
            \(recording.source): asked for \(wanted.format.sampleRate) Hz, \(wanted.format.channelCount) channel(s) in \
            fragments of \(wanted.fragment.nanoseconds / 1_000_000) ms, got fragments of \
            \(recording.fragment.nanoseconds / 1_000_000) ms
            """
    }

    // MARK: The server's thread

    private func take(_ notice: borrowing RecordingNotice) {
        let now = server.now
        switch notice.content {
        case .samples(let samples, let captured):
            update { state in
                state.lastSamples = now
                return state.track.samples(samples, captured: captured, now: now)
            }
        case .hole(let count, let captured):
            update { state in
                state.lastSamples = now
                return state.track.hole(sampleCount: count, captured: captured, now: now)
            }
        case .overflowed: update { $0.track.overflowed() }
        case .moved(let source): interrupt(.moved(to: source))
        case .suspended(let isSuspended):
            state.withLock { $0.isSuspended = isSuspended }
            interrupt(isSuspended ? .suspended : .resumed)
        case .muted(let isMuted): events.send(.muted(isMuted))
        case .defaultChanged(let source):
            state.withLock { $0.newDefault = source }
            waker.signal()
        case .failed(let error):
            state.withLock { $0.failure = error }
            waker.signal()
        }
    }

    private func interrupt(_ event: MicrophoneEvent) {
        events.send(event)
        update { state in
            state.lastSamples = server.now
            state.track.interrupt()
            return .init()
        }
    }

    /// Changes the track and hands on what came out, in order: both under the lock, so that chunks of the two threads
    /// don't overtake each other.
    private func update(_ body: (inout State) -> MicrophoneTrack.Output) {
        state.withLock { state in
            let output = body(&state)
            output.chunks.forEach { chunks.push($0) }
            output.events.forEach(events.send)
        }
    }

    // MARK: The worker's thread

    /// Watches until the end. Called on the worker's thread.
    func run(_ first: any Recording) {
        var recording = first
        events.send(.started(describe(recording)))
        while !isStopped {
            _ = waker.wait(milliseconds: Self.tick)
            fill()
            guard let loss = loss(of: recording) else { continue }
            events.send(loss.event)
            recording.close()
            guard let next = recover(loss.error) else { return }
            recording = next
            events.send(.returned)
            events.send(.started(describe(recording)))
        }
        recording.close()
    }

    private func fill() {
        update { $0.track.fill(now: server.now) }
    }

    /// Why the recording has to be opened afresh, nil when it hasn't.
    private func loss(of recording: any Recording) -> (event: MicrophoneEvent, error: CaptureError)? {
        let now = server.now
        // The default is taken with the look at it: one that is told while this one is judged is the next look's.
        let (failure, newDefault, quiet) = state.withLock { state in
            (state.failure, state.newDefault.take(), state.isSuspended ? .zero : now - state.lastSamples)
        }
        if let failure { return (.lost(failure.message), failure) }
        let error = CaptureError(
            .deviceLost, operation: "record from \(recording.source)",
            message:
                "The microphone gives no samples, also after it was opened again. Plug it in again or choose another.")
        if let newDefault, selector == nil, configuration.followsDefault, newDefault != recording.source,
            follows(newDefault)
        {
            return (.moved(to: newDefault), error)
        }
        return quiet >= configuration.stallTimeout ? (.stalled(quiet), error) : nil
    }

    /// A monitor that becomes the default isn't followed: it hears the loudspeaker. While the server doesn't answer
    /// nothing is decided: the question is put again at the next look, unless a newer default was told.
    private func follows(_ source: String) -> Bool {
        do throws(CaptureError) {
            return try server.microphones().contains { $0.id == source && !$0.isMonitor }
        } catch {
            state.withLock { $0.newDefault = $0.newDefault ?? source }
            return false
        }
    }

    /// Tries to open again until it succeeds, the time is up or `stop` is called.
    private func recover(_ error: CaptureError) -> (any Recording)? {
        let deadline = server.now + configuration.reconnectTimeout
        var pause = Self.pauses.first
        var error = error
        state.withLock { $0.track.interrupt() }
        while !isStopped {
            do throws(CaptureError) {
                let recording = try open()
                state.withLock { $0.restarts += 1 }
                return recording
            } catch let failure {
                error = failure
            }
            guard server.now < deadline else {
                chunks.finish(throwing: error)
                return nil
            }
            let end = server.now + .milliseconds(pause)
            events.send(.retrying(after: .milliseconds(pause), error.message))
            while !isStopped, server.now < end {
                _ = waker.wait(milliseconds: Int32(clamping: min(pause, Int64(Self.tick))))
                fill()
            }
            pause = min(pause * 2, Self.pauses.longest)
        }
        return nil
    }
}
