import InterhumanCore
import InterhumanWire

/// Turns decoded media into the service's findings. Pure: the same media give the same findings.
///
/// Measures pictures and sound, looks at windows of up to 8 s every 3 s of media time, and derives signals,
/// engagement, conversation quality and feedback from the figures. What it keeps is bounded by the window.
struct MediaAnalyzer {
    /// Longest window in seconds.
    static let windowLength = 8.0
    /// Seconds of media from one window's end to the next; the first window is that long.
    static let windowStep = 3.0
    /// How far one track may run ahead, in seconds, before a window no longer waits for the other.
    static let patience = 2.0
    /// Shortest rest of the media, in seconds, that gets a window of its own at the end.
    static let shortestRest = 1.0
    /// A hole in the video longer than this, in seconds, is reported while sound goes on. A picture that is shown for
    /// longer is one too.
    static let longestVideoHole = 2.0

    /// The signals that the model for sound alone reports, says the vendor's SDK.
    static let audibleSignals: Set<SignalType> = [
        .agreement, .confidence, .frustration, .hesitation, .interest, .uncertainty,
    ]

    /// What the client asked for.
    var configuration: SessionConfiguration
    /// Windows that end in one of these, in session seconds, are told as dropped and not looked at.
    var shedRanges: [ClosedRange<Double>] = []
    /// What the findings are told in: changes, or in the older generations each stretch on its own.
    let dialect: EnvelopeDialect

    private var timeline = SessionTimeline()
    private var videoMeter = VideoMeter()
    private var audioMeter = AudioMeter()
    private var history = FeatureHistory(seconds: windowLength + windowStep + patience)
    private var signals = SignalTracker()
    private var engagement = EngagementTracker()
    private var quality = QualityScorer()
    private var feedback = FeedbackWriter()

    private var hasVideo = false
    private var hasAudio = false
    private var videoEnd = 0.0
    private var audioEnd = 0.0
    /// Windows do not reach back behind this, in session seconds: the start, or the last hole's end.
    private var floor = 0.0
    /// End of the last window.
    private var windowEnd = 0.0

    init(
        configuration: SessionConfiguration = SessionConfiguration(include: []), dialect: EnvelopeDialect = .current
    ) {
        self.configuration = configuration
        self.dialect = dialect
    }

    /// Whether the model hears only; pictures then count as media, but are not looked at.
    private var isAudioOnly: Bool { configuration.model == .inter2Audio }

    /// Up to where there is media, in session seconds.
    var mediaEnd: Double { timeline.end }

    /// A new container begins, with these tracks.
    mutating func beginStream(hasVideo: Bool, hasAudio: Bool) {
        timeline.beginStream()
        videoMeter.reset()
        self.hasVideo = hasVideo
        self.hasAudio = hasAudio
    }

    /// Takes a picture; its capture time is the container's.
    mutating func add(_ frame: VideoFrame) -> [ServerMessage.Body] {
        // A container may say that one picture lasts for years: windows are walked one by one.
        let duration = min(frame.duration?.inSeconds ?? 0, Self.longestVideoHole)
        var findings: [ServerMessage.Body] = []
        let time = place(frame.captureTime, duration: duration, findings: &findings)
        if time - videoEnd > Self.longestVideoHole, videoEnd > 0 {
            let range = CoverageRange(start: videoEnd, end: time)
            findings.append(.coverageDegraded(Coverage(ranges: [range], reason: "video_gap")))
        }
        videoEnd = max(videoEnd, time + duration)
        if !isAudioOnly, let reading = videoMeter.measure(frame, at: time) { history.append(reading) }
        return findings + completeWindows()
    }

    /// Takes samples; their capture time is the container's.
    mutating func add(_ chunk: AudioChunk) -> [ServerMessage.Body] {
        // At some hertz a few bytes last for years, and nothing can be measured in them.
        let isAudible = chunk.format.sampleRate >= AudioMeter.lowestSampleRate
        let duration = isAudible ? chunk.duration.inSeconds : min(chunk.duration.inSeconds, Self.longestVideoHole)
        var findings: [ServerMessage.Body] = []
        let time = place(chunk.captureTime, duration: duration, findings: &findings)
        audioEnd = max(audioEnd, time + duration)
        for reading in audioMeter.measure(chunk, at: time) { history.append(reading) }
        return findings + completeWindows()
    }

    /// Looks at what is left after the last whole window, and ends the signals that are still active.
    mutating func finish() -> [ServerMessage.Body] {
        let end = timeline.end
        var findings: [ServerMessage.Body] = []
        while windowEnd + Self.windowStep <= end { findings += completeWindow(end: windowEnd + Self.windowStep) }
        if end - windowEnd >= Self.shortestRest { findings += completeWindow(end: end) }
        return findings + signals.endAll(at: end)
    }

    /// Puts an item on the session's timeline; a hole before it ends everything that was going on.
    private mutating func place(
        _ time: MediaTime, duration: Double, findings: inout [ServerMessage.Body]
    ) -> Double {
        let (sessionTime, hole) = timeline.place(containerTime: time.seconds, duration: duration)
        guard let hole else { return sessionTime }
        while windowEnd + Self.windowStep <= hole.lowerBound {
            findings += completeWindow(end: windowEnd + Self.windowStep)
        }
        findings += signals.endAll(at: hole.lowerBound)
        engagement.reset()
        videoMeter.reset()
        findings.append(
            .coverageDropped(Coverage(ranges: [CoverageRange(start: hole.lowerBound, end: hole.upperBound)])))
        floor = hole.upperBound
        windowEnd = hole.upperBound
        videoEnd = hole.upperBound
        audioEnd = hole.upperBound
        return sessionTime
    }

    private mutating func completeWindows() -> [ServerMessage.Body] {
        var findings: [ServerMessage.Body] = []
        while isComplete(until: windowEnd + Self.windowStep) {
            findings += completeWindow(end: windowEnd + Self.windowStep)
        }
        return findings
    }

    /// Whether all that will come before `end` has come: every track has got there, or one is so far ahead that the
    /// other must have stopped. Container times are rounded, hence the millisecond.
    private func isComplete(until end: Double) -> Bool {
        let furthest = max(videoEnd, audioEnd)
        guard furthest < end + Self.patience else { return true }
        let reached = end - 0.001
        return furthest >= reached && (!hasVideo || videoEnd >= reached) && (!hasAudio || audioEnd >= reached)
    }

    private mutating func completeWindow(end: Double) -> [ServerMessage.Body] {
        let stretchStart = windowEnd
        windowEnd = end
        guard !shedRanges.contains(where: { $0.contains(end) }) else { return shed(from: stretchStart, to: end) }
        let window = history.features(from: max(floor, end - Self.windowLength), to: end)
        var findings = signals.update(
            with: window, stretchStart: stretchStart, signals: isAudioOnly ? Self.audibleSignals : nil)
        if let change = engagement.update(with: window, stretchStart: stretchStart) { findings.append(change) }
        let told = told(stretchStart...end)
        if dialect != .current { findings = findingsOfStretch(told, window: window) }
        let stretch = quality.add(history.features(from: stretchStart, to: end))
        let interval = ConversationQualityInterval(
            start: told.lowerBound, end: told.upperBound, values: stretch)
        if let update = qualityUpdate(interval) { findings.append(update) }
        let goals = configuration.goalDimensions ?? []
        if let sentence = feedback.update(with: window, goals: goals) { findings.append(sentence) }
        return findings
    }

    /// Times of a stretch as they are told: generation A counts from the stretch's own beginning.
    private func told(_ stretch: ClosedRange<Double>) -> ClosedRange<Double> {
        guard dialect == .legacySegments else { return stretch }
        // Whole milliseconds, so that no rounding noise is told.
        return 0...((stretch.upperBound - stretch.lowerBound) * 1000).rounded() / 1000
    }

    /// What generations A and B tell: all that the stretch shows, with its end.
    private func findingsOfStretch(_ told: ClosedRange<Double>, window: WindowFeatures) -> [ServerMessage.Body] {
        let seen = signals.observations(in: window, from: told.lowerBound, to: told.upperBound)
        let state = engagement.state.map { state in
            ServerMessage.Body.engagementUpdated(
                EngagementUpdate(state: state, start: told.lowerBound, end: told.upperBound))
        }
        return (seen.isEmpty ? [] : [.signalDetected(seen)]) + [state].compactMap { $0 }
    }

    /// Leaves a stretch out, as a service does that can't keep up.
    private mutating func shed(from start: Double, to end: Double) -> [ServerMessage.Body] {
        defer { engagement.reset() }
        floor = end
        return signals.endAll(at: start) + [.coverageDropped(Coverage(ranges: [CoverageRange(start: start, end: end)]))]
    }

    /// The scores asked for. The timeline has the stretch that is new: together the messages cover the session.
    private func qualityUpdate(_ interval: ConversationQualityInterval) -> ServerMessage.Body? {
        let wantsOverall = configuration.include.contains(.conversationQualityOverall)
        let wantsTimeline = configuration.include.contains(.conversationQualityTimeline)
        guard wantsOverall || wantsTimeline else { return nil }
        return .conversationQualityUpdated(
            ConversationQualityUpdate(
                overall: wantsOverall ? quality.overall : nil, timeline: wantsTimeline ? [interval] : nil))
    }
}
