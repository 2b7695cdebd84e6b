public import InterhumanCore
public import Logging

/// One session with the service: media goes out, events come in.
///
/// ```swift
/// let session = StreamSession(
///     configuration: configuration, video: camera, audio: microphone, encoderFactory: encoders, connector: connector)
/// for try await event in try await session.start() {
///     if case .signalDetected(let signals) = event.kind { … }
/// }
/// ```
///
/// A session is used once. It ends when the sources end, after ``finish()`` or ``cancel()``, when the task that reads
/// the events is cancelled, and when something fails; then nothing of it is left: no task, no connection, no device.
public actor StreamSession {
    /// The SDK's version, as attribution tells it.
    public static let sdkVersion = "0.1.0"

    let configuration: Configuration
    let video: (any VideoSource)?
    let audio: (any AudioSource)?
    let encoderFactory: any SegmentEncoderFactory
    let connector: any AnalysisConnector
    let clock: any MediaClock
    var logger: Logger

    private let buffer: EventBuffer
    private let started = OneShot<Result<Void, SessionError>>()
    private let ended = OneShot<Void>()
    private var machine: SessionStateMachine
    private var jobs: [Job: Task<Void, Never>] = [:]
    private let deadlineMoved = Wakeup()

    let outbox: Outbox
    var connection: (any AnalysisConnection)?
    var capture: (video: VideoStream?, audio: AudioStream?) = (nil, nil)
    var timeline: SessionTimeline
    var serviceLimits: SessionReady?
    var summary = SessionSummary(completion: .cancelled)
    /// The segment that the connection is taking.
    var segmentInFlight: (segment: MediaSegment, includesHeader: Bool)?

    /// The pieces of work that run beside the actor, at most one of each.
    enum Job: Hashable, Sendable {
        case timer, credential, connect, receive, configure, capture, media, send, stopCapture, requestClose
    }

    /// Creates a session that does nothing yet.
    ///
    /// - Parameters:
    ///   - video: Where pictures come from; nil for none.
    ///   - audio: Where sound comes from; nil for none.
    ///   - encoderFactory: Makes the encoder.
    ///   - connector: Opens the connection.
    ///   - clock: The clock that the sources stamp their media with.
    ///   - logger: Where the session logs: changes of state at debug, warnings at warning.
    public init(
        configuration: Configuration, video: (any VideoSource)?, audio: (any AudioSource)?,
        encoderFactory: any SegmentEncoderFactory, connector: any AnalysisConnector,
        clock: any MediaClock = SystemClock(), logger: Logger = Logger(label: "interhuman.session")
    ) {
        self.configuration = configuration
        self.video = video
        self.audio = audio
        self.encoderFactory = encoderFactory
        self.connector = connector
        self.clock = clock
        self.logger = logger
        buffer = EventBuffer(capacity: configuration.eventCapacity)
        outbox = Outbox(limits: configuration.outbox)
        machine = SessionStateMachine(timing: configuration.timing)
        timeline = SessionTimeline(clock: clock)
    }

    /// Gets a credential, connects, waits until the service is ready, configures it, and only then starts capture.
    /// Returns when media begins to flow.
    ///
    /// - Returns: The events, from the first one on.
    /// - Throws: ``SessionError``. Everything is freed when it is thrown.
    public func start() async throws(SessionError) -> Events {
        guard machine.state == .idle else {
            throw SessionError(
                .misuse, operation: "start the session",
                message: "The session was started or ended before. Make a new session for each use.")
        }
        guard video != nil || audio != nil else {
            throw SessionError(
                .invalidConfiguration, operation: "start the session",
                message: "The session has neither video nor audio. Give it at least one source.")
        }
        try configuration.validate()
        apply(.start)
        run(.timer) { await $0.keepTime() }
        let result = await withTaskCancellationHandler {
            await started.value()
        } onCancel: {
            started.fulfil(.failure(Self.cancelledBeforeStart))
        }
        switch result {
        case .success:
            return Events(session: self)
        case .failure(let error):
            await cancel()
            throw error
        }
    }

    /// Ends the session in order: stops capture, sends what was captured, asks the service to finish, and passes on
    /// its last results. Returns when everything is freed. How it went is told by the last event.
    ///
    /// It takes at most ``SessionTiming/flushLimit`` without progress on the network, and then what the service asks
    /// for (`max_drain_seconds`) plus ``SessionTiming/drainMargin``. Before `start()` has returned it is ``cancel()``.
    public func finish() async {
        apply(.finish)
        await ended.value()
    }

    /// Ends the session at once; results under way are lost. Returns when everything is freed.
    public func cancel() async {
        apply(.cancel)
        await ended.value()
    }

    /// Gives the next event to the reader; when its task is cancelled, ends the session first.
    func nextEvent() async throws(SessionError) -> SessionEvent? {
        if let event = try await buffer.next(clock: clock) { return event }
        if Task.isCancelled { await cancel() }
        return nil
    }

    private static let cancelledBeforeStart = SessionError(
        .cancelled, operation: "start the session", message: "The session was cancelled before it had begun.")
}

// MARK: The machine's hands

extension StreamSession {
    /// Tells the machine what happened and does what it says.
    func apply(_ input: SessionInput) {
        let before = (state: machine.state, deadline: machine.deadline)
        let actions = machine.handle(input, at: clock.now)
        if machine.state != before.state {
            logger.debug("session \(before.state.rawValue) -> \(machine.state.rawValue)")
        }
        if machine.deadline != before.deadline { deadlineMoved.signal() }
        for action in actions { perform(action) }
    }

    private func perform(_ action: SessionAction) {
        switch action {
        case .obtainCredential(let refreshing): run(.credential) { await $0.obtainCredential(refreshing: refreshing) }
        case .connect(let credential): run(.connect) { await $0.connect(with: credential) }
        case .proceedUnannounced: emit(.ready(nil))
        case .sendConfiguration: run(.configure) { await $0.sendConfiguration() }
        case .startCapture: run(.capture) { await $0.startCapture() }
        case .startMedia:
            run(.media) { await $0.pumpMedia() }
            run(.send) { await $0.sendSegments() }
        case .reportStarted: started.fulfil(.success(()))
        case .stopCapture: run(.stopCapture) { await $0.stopSources() }
        case .requestClose: run(.requestClose) { await $0.requestClose() }
        case .reportTimeout: warn(.finishTimedOut)
        case .release: release()
        case .end(let completion): end(completion)
        }
    }

    /// Starts a piece of work; ``release()`` cancels it and waits for it.
    func run(_ job: Job, _ work: @escaping @Sendable (isolated StreamSession) async -> Void) {
        guard machine.state != .closing, machine.state != .ended else { return }
        jobs[job] = Task { await work(self) }
    }

    /// Comes back to the machine at each of its deadlines, which always moves the deadline.
    private func keepTime() async {
        while !Task.isCancelled {
            guard let deadline = machine.deadline else {
                await deadlineMoved.wait()
                continue
            }
            if clock.now >= deadline {
                apply(.deadline)
            } else {
                await deadlineMoved.wait(until: deadline, on: clock)
            }
        }
    }

    /// Frees everything. The task that does it ends by itself and is the last one.
    private func release() {
        let work = Array(jobs.values)
        jobs = [:]
        for task in work { task.cancel() }
        Task {
            await stopSources()
            let opened = connection
            await opened?.close()
            for task in work { await task.value }
            // A source or connection may have opened while it was being called off.
            await stopSources()
            if opened == nil { await connection?.close() }
            connection = nil
            reportUnsent()
            apply(.released)
        }
    }

    private func end(_ completion: SessionSummary.Completion) {
        summary.completion = completion
        emit(.ended(summary))
        if case .failed(let error) = completion {
            started.fulfil(.failure(error))
            buffer.finish(error)
        } else {
            started.fulfil(.failure(Self.cancelledBeforeStart))
            buffer.finish(nil)
        }
        ended.fulfil(())
    }

    /// Tells the reader.
    func emit(_ kind: SessionEvent.Kind, message: ServerMessage? = nil) {
        let now = WallClockTime(nanosecondsSince1970: clock.wallClockNanoseconds)
        buffer.append(SessionEvent(kind, message: message, wallClock: now))
    }

    /// Tells the reader and the log.
    func warn(_ warning: SessionWarning) {
        logger.warning("\(warning)")
        emit(.warning(warning))
    }
}
