import InterhumanCore
import Synchronization

/// Runs one microphone: the server's thread makes chunks of samples, a thread of our own fills silence, watches, and
/// has the recording opened afresh.
final class MicrophoneWorker: DeviceWorker {
    private struct State {
        var track: MicrophoneTrack
        /// Events that nobody has sent yet.
        var news: [MicrophoneEvent] = []
        /// Whether `started` was sent: whether the source was suspended before is told after it.
        var isAnnounced = false
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
    private let stopSignal = StopSignal()
    private let state: Mutex<State>
    /// Held while news is sent.
    private let sending = Mutex(())

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
        stopSignal.give()
        waker.signal()
        chunks.finish(discarding: true)
    }

    private var isStopped: Bool { stopSignal.isGiven }

    // MARK: Opening

    /// Chooses the source and begins to record. Blocks as long as the server doesn't answer.
    func open() throws(CaptureError) -> any Recording {
        let microphones = try server.microphones(until: stopSignal)
        let source = try MicrophoneChoice(selector: selector).choose(among: microphones)
        let request = RecordRequest(
            source: source.id, format: configuration.format, fragment: configuration.fragment,
            mayMove: configuration.mayMove, knownDefault: microphones.first(where: \.isDefault)?.id)
        state.withLock { state in
            state.failure = nil
            state.newDefault = nil
            state.isAnnounced = false
            state.isSuspended = false
            state.lastSamples = server.now
        }
        return try server.record(request, until: stopSignal) { [weak self] notice in self?.take(notice) }
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
        case .moved(let source, let isSuspended): interrupt([.moved(to: source)], isSuspended: isSuspended, now)
        case .suspended(let isSuspended): interrupt(isSuspended: isSuspended, now)
        case .muted(let isMuted): tell(.muted(isMuted))
        case .defaultChanged(let source, let isMonitor):
            // A monitor isn't followed: it hears the loudspeaker.
            state.withLock { $0.newDefault = isMonitor ? nil : source }
            waker.signal()
        case .failed(let error):
            state.withLock { $0.failure = error }
            waker.signal()
        }
    }

    /// Samples stop or come from elsewhere. All of it in one step: a source that is no longer suspended and gave nothing
    /// for long would be a stall to the other thread.
    private func interrupt(_ first: [MicrophoneEvent] = [], isSuspended: Bool, _ now: MediaTime) {
        update { state in
            var output = MicrophoneTrack.Output(events: first)
            if state.isAnnounced, state.isSuspended != isSuspended {
                output.events.append(isSuspended ? .suspended : .resumed)
            }
            state.isSuspended = isSuspended
            state.lastSamples = now
            state.track.interrupt()
            return output
        }
    }

    private func tell(_ event: MicrophoneEvent) {
        update { _ in MicrophoneTrack.Output(events: [event]) }
    }

    /// Changes the state and hands on what came out, in order: chunks under the lock, so that those of the two threads
    /// don't overtake each other; events after it, as their reader's executor may do anything before it returns.
    private func update(_ body: (inout State) -> MicrophoneTrack.Output) {
        let hasNews = state.withLock { state in
            let output = body(&state)
            output.chunks.forEach { chunks.push($0) }
            state.news += output.events
            return !state.news.isEmpty
        }
        if hasNews { sendNews() }
    }

    /// One thread at a time, so that events keep the order of what they tell.
    private func sendNews() {
        sending.withLock { _ in
            let news = state.withLock { state in
                defer { state.news = [] }
                return state.news
            }
            news.forEach(events.send)
        }
    }

    // MARK: The worker's thread

    /// Watches until the end. Called on the worker's thread.
    func run(_ first: any Recording) {
        var recording = first
        announce(recording)
        while !isStopped {
            _ = waker.wait(milliseconds: Self.tick)
            fill()
            guard let loss = loss(of: recording) else { continue }
            tell(loss.event)
            recording.close()
            guard let next = recover(loss.error) else { return }
            recording = next
            announce(recording, after: [.returned])
        }
        recording.close()
    }

    /// A source may be suspended when it is opened; its `suspended` comes after what says that it gives.
    private func announce(_ recording: any Recording, after first: [MicrophoneEvent] = []) {
        let started = MicrophoneEvent.started(describe(recording))
        update { state in
            state.isAnnounced = true
            return MicrophoneTrack.Output(events: first + [started] + (state.isSuspended ? [.suspended] : []))
        }
    }

    private func fill() {
        update { $0.track.fill(now: server.now) }
    }

    /// Why the recording has to be opened afresh, nil when it hasn't.
    private func loss(of recording: any Recording) -> (event: MicrophoneEvent, error: CaptureError)? {
        let now = server.now
        // The default is taken with the look at it: one that is told meanwhile is the next look's.
        let (failure, newDefault, quiet) = state.withLock { state in
            (state.failure, state.newDefault.take(), state.isSuspended ? .zero : now - state.lastSamples)
        }
        if let failure { return (.lost(failure.message), failure) }
        let error = CaptureError(
            .deviceLost, operation: "record from \(recording.source)",
            message:
                "The microphone gives no samples, also after it was opened again. Plug it in again or choose another.")
        if let newDefault, selector == nil, configuration.followsDefault, newDefault != recording.source {
            return (.moved(to: newDefault), error)
        }
        return quiet >= configuration.stallTimeout ? (.stalled(quiet), error) : nil
    }

    /// Tries to open again until it succeeds, the time is up or `stop` is called.
    private func recover(_ error: CaptureError) -> (any Recording)? {
        let deadline = server.now + configuration.reconnectTimeout
        var pause = Self.pauses.first
        var error = error
        state.withLock { $0.track.interrupt() }
        while !isStopped {
            do throws(CaptureError) {
                let recording = try openAside()
                state.withLock { $0.restarts += 1 }
                return recording
            } catch let failure {
                error = failure
            }
            guard !isStopped else { return nil }
            guard server.now < deadline else {
                chunks.finish(throwing: error)
                return nil
            }
            let end = server.now + .milliseconds(pause)
            tell(.retrying(after: .milliseconds(pause), error.message))
            while !isStopped, server.now < end {
                _ = waker.wait(milliseconds: Int32(clamping: min(pause, Int64(Self.tick))))
                fill()
            }
            pause = min(pause * 2, Self.pauses.longest)
        }
        return nil
    }

    /// Opens on another thread and goes on filling meanwhile: a server that hangs lets a call wait for half a minute.
    private func openAside() throws(CaptureError) -> any Recording {
        let opening = try Errand(named: "ih-mic-open", signalling: waker) { () throws(CaptureError) in
            try self.open()
        }
        while true {
            if let result = opening.result { return try result.get() }
            _ = waker.wait(milliseconds: Self.tick)
            fill()
        }
    }
}
