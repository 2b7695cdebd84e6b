public import InterhumanCore
public import InterhumanSession

/// Everything that the view shows. Pure: time goes in with what happened, in seconds of any steady clock.
public struct ViewState: Sendable {
    /// How the session is.
    enum Phase: Sendable, Hashable {
        case connecting
        case live
        case reconnecting(attempt: Int, due: Double)
        case paused
        case finishing
        case ended
    }

    /// Attention from a moment on.
    struct Attention: Sendable, Hashable {
        var state: EngagementState
        var since: Double
    }

    /// A line for people at the bottom.
    struct Notice: Sendable, Hashable {
        var text: String
        var isWarning: Bool
        var at: Double
    }

    var phase = Phase.connecting
    /// What is streamed, in the sources' words.
    var sources: CaptureDescription?
    /// When capture began.
    var began: Double?
    /// When the session ended; the clock stands still then.
    var stopped: Double?
    /// Media captured, in seconds.
    var captured = 0.0
    var segmentLength: Double
    var picture: RGBPicture?
    var meter: LevelMeter?
    var statistics: SessionStatistics?
    var lastSegment: SegmentSummary?
    var signals = SignalBoard()
    /// Attention so far; the last one is in force.
    var attention: [Attention] = []
    var quality: ConversationQuality?
    var notice: Notice?
    var adaptation: Adaptation?
    var isHelpShown = false
    private var mediaEpoch: MediaTime?

    /// Most changes of attention that are kept; a strip shows the last minutes.
    private static let attentionCapacity = 256

    /// Creates the state before anything happened.
    ///
    /// - Parameter segmentLength: Length that segments aim at, in seconds.
    public init(segmentLength: Double = 3) {
        self.segmentLength = max(0.1, segmentLength)
    }

    /// Takes a picture to show.
    public mutating func show(_ picture: RGBPicture) {
        self.picture = picture
    }

    /// Takes the level of a chunk of sound.
    public mutating func hear(_ level: SoundLevel, lasting seconds: Double) {
        var next = meter ?? LevelMeter()
        next.take(level, lasting: seconds)
        meter = next
    }

    /// Media up to an instant of the capture clock was captured.
    public mutating func reached(_ time: MediaTime) {
        let epoch = mediaEpoch ?? time
        mediaEpoch = min(epoch, time)
        captured = max(captured, (time - epoch).inSeconds)
    }

    /// Takes the session's figures.
    public mutating func take(_ statistics: SessionStatistics) {
        self.statistics = statistics
    }

    /// Takes a line for people.
    public mutating func tell(_ text: String, isWarning: Bool = false, at now: Double) {
        notice = Notice(text: String(text.prefix(2_000)), isWarning: isWarning, at: now)
    }

    /// Shows or hides what the keys do.
    public mutating func toggleHelp() {
        isHelpShown.toggle()
    }

    /// Whether a key should pause the session or resume it; nil when neither makes sense.
    public var isPaused: Bool? {
        switch phase {
        case .paused: true
        case .live, .reconnecting: false
        case .connecting, .finishing, .ended: nil
        }
    }

    mutating func attend(_ state: EngagementState, at now: Double) {
        guard attention.last?.state != state else { return }
        attention.append(Attention(state: state, since: now))
        if attention.count > Self.attentionCapacity { attention.removeFirst() }
    }
}
