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
    let executor: (any TaskExecutor)?
    let logger: Logger
    let metrics: SessionMetrics

    /// Names the session in every line of its log: ``Configuration/id``, or a random one.
    public nonisolated let id: String

    let hub = EventHub()
    let buffer: EventBuffer
    let started = OneShot<Result<Void, SessionError>>()
    let ended = OneShot<Void>()
    var machine: SessionStateMachine
    var links: [Int: Link] = [:]
    var jobs: [Job: Task<Void, Never>] = [:]
    /// For whoever keeps time.
    let deadlineMoved = Wakeup()
    /// For whoever sends: segments, or another connection to send them on.
    let newsForSender = Wakeup()
    /// For whoever waits for room in the outbox.
    let newsForWriter = Wakeup()

    let gate = MediaGate()
    let control = EncoderControl()
    var adaptation: AdaptationController
    /// Bytes a second that went out lately, and that the encoder made lately.
    var (sendRate, mediaRate): (Double?, Double?)
    let intake = IntakeMeter()
    /// The figures of the last segment.
    var encoded = EncodedFigures()
    var counts = SessionCounts() {
        didSet { metrics.count(from: oldValue, to: counts) }
    }
    /// The newest connection's name, where the service gave one.
    var correlationID: String?
    /// Whether ``start()`` was called.
    private var isStarted = false
    /// Whether the service's options were compared with what the configuration asks for.
    var hasCheckedOptions = false
    var outbox: Outbox
    var isSpooling = false
    var nextSpoolID: UInt64 = 0
    var capture: (video: VideoStream?, audio: AudioStream?) = (nil, nil)
    var timeline: SessionTimeline
    /// What was found so far: signals as intervals, attention, gaps; bounded by ``Configuration/historyCapacity``.
    public internal(set) var history: SessionHistory

    /// The pieces of work that run beside the actor, at most one of each; those of a connection are its own.
    enum Job: Hashable, Sendable {
        case timer, capture, media, send, stopCapture, adapt
        case watch(MediaTrack)
    }

    /// Creates a session that does nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: Credential, endpoint, what to ask of the service, policies.
    ///   - video: Where pictures come from; nil for none.
    ///   - audio: Where sound comes from; nil for none.
    ///   - encoderFactory: Makes the encoder.
    ///   - connector: Opens the connection.
    ///   - clock: The clock that the sources stamp their media with.
    ///   - executor: Where the session's tasks prefer to run; nil for the shared pool.
    ///   - logger: Where the session logs: changes of state at debug, warnings at warning. Every line has the metadata
    ///     `session-id`, and while there is a connection `connection` (its number) and `correlation-id`.
    public init(
        configuration: Configuration, video: (any VideoSource)?, audio: (any AudioSource)?,
        encoderFactory: any SegmentEncoderFactory, connector: any AnalysisConnector,
        clock: any MediaClock = SystemClock(), executor: (any TaskExecutor)? = nil,
        logger: Logger = Logger(label: "interhuman.session")
    ) {
        self.configuration = configuration
        self.video = video
        self.audio = audio
        self.encoderFactory = encoderFactory
        self.connector = connector
        self.clock = clock
        self.executor = executor
        id = configuration.id ?? Configuration.randomID()
        var logger = logger
        logger[metadataKey: "session-id"] = "\(id)"
        self.logger = logger
        metrics = SessionMetrics(factory: configuration.metrics, dimensions: configuration.metricDimensions)
        buffer = hub.subscribe(capacity: configuration.eventCapacity).buffer
        outbox = Outbox(limits: configuration.outbox)
        machine = SessionStateMachine(
            timing: configuration.timing, policy: configuration.reconnect, rollover: configuration.rollover)
        adaptation = AdaptationController(policy: configuration.adaptation)
        timeline = SessionTimeline(clock: clock)
        history = SessionHistory(capacity: configuration.historyCapacity)
    }

    /// Gets a credential, connects, waits until the service is ready, configures it, and only then starts capture.
    /// Returns when media begins to flow. From then on lost connections are replaced, as ``ReconnectPolicy`` says.
    ///
    /// - Returns: The events, from the first one on.
    /// - Throws: ``SessionError``. Everything is freed when it is thrown.
    public func start() async throws(SessionError) -> Events {
        guard !isStarted else {
            throw SessionError(
                .misuse, operation: "start the session",
                message: "The session was started before. Make a new session for each use.")
        }
        isStarted = true
        // Whoever ended it first, a shutdown for instance, wanted no session: that is no misuse.
        guard machine.phase == .idle else { throw Self.cancelledBeforeStart }
        do throws(SessionError) {
            try checkConfiguration()
        } catch {
            apply(.unusable(error))
            throw error
        }
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

    private func checkConfiguration() throws(SessionError) {
        guard video != nil || audio != nil else {
            throw SessionError(
                .invalidConfiguration, operation: "start the session",
                message: "The session has neither video nor audio. Give it at least one source.")
        }
        try configuration.validate()
    }

    /// Discards what the sources give until ``resume()``; what was captured before is sent. A source that can wait, such
    /// as a file, waits and loses nothing. Does nothing unless media flows.
    ///
    /// Devices stay open. The connection is kept while the service allows it (its idle limit) and then ended in order;
    /// `resume()` opens another one.
    public func pause() {
        apply(.pause)
    }

    /// Takes media again after ``pause()``. Does nothing otherwise.
    public func resume() {
        apply(.resume)
    }

    /// Ends the session in order: stops capture, sends what was captured, asks the service to finish, and passes on
    /// its last results. Returns when everything is freed. How it went is told by the last event.
    ///
    /// It takes at most ``SessionTiming/flushLimit`` without progress on the network and ``SessionTiming/maximumFlush``
    /// in all, and then what the service asks for (`max_drain_seconds`) plus ``SessionTiming/drainMargin``. Before
    /// `start()` has returned it is ``cancel()``.
    public func finish() async {
        apply(.finish)
        await ended.value()
    }

    /// Ends the session at once; results under way are lost. Returns when everything is freed.
    public func cancel() async {
        apply(.cancel)
        await ended.value()
    }

    /// The events from now on, for one more reader; any number may subscribe. Unlike those of ``start()``, ending this
    /// one does not end the session.
    ///
    /// - Parameter capacity: Events that may wait for this reader before the oldest are dropped, which it is told. At
    ///   least 1.
    public nonisolated func subscribe(capacity: Int = 1_024) -> EventSubscription {
        EventSubscription(hub: hub, capacity: capacity, clock: clock)
    }

    /// Gives the next event to the reader; when its task is cancelled, ends the session first.
    func nextEvent() async throws(SessionError) -> SessionEvent? {
        if let event = try await buffer.next(clock: clock) { return event }
        if Task.isCancelled { await cancel() }
        return nil
    }

    static let cancelledBeforeStart = SessionError(
        .cancelled, operation: "start the session", message: "The session was cancelled before it had begun.")
}
