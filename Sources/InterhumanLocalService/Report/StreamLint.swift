import InterhumanCore
import InterhumanEncode
import InterhumanWire

/// Watches one session and says at its end what the client did wrong or wastefully. Pure; what it keeps is bounded.
struct StreamLint {
    /// More than this keeps control frames waiting, in bytes: a quarter of a second at 4 Mb/s. Browsers send half of it.
    private static let largeFrame = 262_144
    /// More than this is waste, in bits a second.
    private static let highBitRate = 4_000_000.0
    /// More than this is waste, in pictures a second.
    private static let highFrameRate = 31.0
    /// More than this is waste, in pixels.
    private static let largePicture = 1280 * 720
    /// How far media may run ahead of the time that has passed, in seconds.
    private static let longestLead = 10.0

    private let request: SessionRequest
    private var findings: [StreamFinding] = []
    private var inspector = MessageInspector()
    /// Media messages so far.
    private var messageCount = 0
    private var isConfigured = false
    private var hasAskedToClose = false
    /// Where each track is, in the container's seconds.
    private var videoTime: Double?
    private var audioTime: Double?
    private var firstMedia: MediaTime?

    init(request: SessionRequest) {
        self.request = request
    }

    private mutating func find(_ code: StreamFinding.Code, message: Int? = nil, _ text: String) {
        if let index = findings.firstIndex(where: { $0.code == code }) {
            findings[index].count += 1
        } else {
            findings.append(
                StreamFinding(
                    code: code, severity: code.severity, count: 1, message: message, text: text,
                    advice: code.advice))
        }
    }

    // MARK: What the client sends

    mutating func configured() {
        isConfigured = true
    }

    mutating func askedToClose() {
        hasAskedToClose = true
    }

    /// A media message came, of a container; `index` counts those that the service looked at.
    mutating func container(_ bytes: [UInt8], index: Int, at now: MediaTime) {
        begin(index, at: now)
        switch inspector.inspect(bytes) {
        case .insideElement:
            find(.cutInsideElement, message: index, "A message begins inside an element of the container.")
        case .whole(isKeyframeLed: false):
            find(.notKeyframeLed, message: index, "A message's first picture is not a keyframe.")
        case .whole: break
        }
    }

    /// A media message came, of raw samples.
    mutating func samples(index: Int, at now: MediaTime) {
        begin(index, at: now)
    }

    private mutating func begin(_ index: Int, at now: MediaTime) {
        firstMedia = firstMedia ?? now
        messageCount = index + 1
        if index == 0, !isConfigured {
            find(.mediaBeforeConfiguration, message: 0, "Media came before the first configuration.")
        }
    }

    // MARK: What is in it

    mutating func streamStarted(_ information: StreamInformation) {
        videoTime = nil
        audioTime = nil
        guard let video = information.video, video.width * video.height > Self.largePicture else { return }
        find(.pictureLarge, "The picture has \(video.width)x\(video.height) pixels.")
    }

    mutating func video(at seconds: Double) {
        check(seconds, after: videoTime, "picture")
        videoTime = seconds
    }

    mutating func audio(at seconds: Double) {
        check(seconds, after: audioTime, "sound")
        audioTime = seconds
    }

    private mutating func check(_ seconds: Double, after last: Double?, _ track: String) {
        // Containers round to a millisecond.
        guard let last, seconds < last - 0.0015 else { return }
        find(
            .timestampsBack, message: max(0, messageCount - 1),
            "The \(track)'s timestamps go back from \(last.figure(decimals: 3)) to \(seconds.figure(decimals: 3)) s.")
    }

    /// So many seconds of media were decoded by now.
    mutating func reached(mediaSeconds: Double, at now: MediaTime) {
        guard let firstMedia else { return }
        let lead = mediaSeconds - (now - firstMedia).inSeconds
        guard lead > Self.longestLead, !findings.contains(where: { $0.code == .fasterThanRealTime }) else { return }
        find(.fasterThanRealTime, "Media ran \(Self.longestLead.figure()) s ahead of the clock.")
    }

    // MARK: What the service says

    mutating func said(_ body: ServerMessage.Body) {
        switch body {
        case .error(let error): said(error)
        case .coverageDropped(let coverage):
            for range in coverage.ranges { find(.mediaGap, "There are no media\(Self.text(range)).") }
        case .coverageDegraded(let coverage):
            for range in coverage.ranges { find(.videoGap, "There are no pictures\(Self.text(range)).") }
        default: break
        }
    }

    private mutating func said(_ error: ServiceError) {
        switch error.code {
        case .badConfiguration: find(.badConfiguration, error.message)
        case .noAudioTrack: find(.audioMissing, "There is no sound track.")
        case .noUsableVideo: find(.videoMissing, "There is no video track.")
        case .malformedSegment, .unreadableSegment: find(.unreadableMedia, message: error.segment, error.message)
        case .messageTooLarge: find(.messageTooLarge, message: messageCount, error.message)
        case .idleTimeout, .maximumDuration, .quotaExhausted, .videoBudgetExhausted:
            find(.limitReached, error.message)
        default: break
        }
    }

    mutating func noted(_ note: SessionNote) {
        if note == .messageAfterClose { find(.messageAfterClose, "A message came after session.close.") }
    }

    private static func text(_ range: CoverageRange) -> String {
        " from \(range.start.figure(decimals: 1)) to \(range.end.figure(decimals: 1)) s"
    }

    // MARK: The end

    /// The report on the whole session.
    func report(_ statistics: SessionStatistics, _ ending: ConnectionEnding, correlationID: String) -> StreamReport {
        var lint = self
        lint.judge(statistics, closeCode: ending.closeCode)
        let frame = ending.traffic.largestFrameReceived
        if frame > Self.largeFrame { lint.find(.frameLarge, "A WebSocket frame had \(frame) bytes.") }
        return StreamReport(
            correlationID: correlationID, version: request.version.rawValue, closeCode: Int(ending.closeCode),
            messageCount: statistics.segmentCount, byteCount: statistics.byteCount,
            videoFrameCount: statistics.videoFrameCount, audioSampleCount: statistics.audioSampleCount,
            mediaSeconds: statistics.mediaSeconds, findings: lint.findings)
    }

    private mutating func judge(_ statistics: SessionStatistics, closeCode: UInt16) {
        if !isConfigured { find(.neverConfigured, "No configuration was ever accepted.") }
        // 1009: the server closed before the message could be handed on.
        if closeCode == 1009, !findings.contains(where: { $0.code == .messageTooLarge }) {
            find(.messageTooLarge, message: messageCount, "A message was larger than allowed.")
        }
        judgeSizes(statistics)
        guard request.dialect == .current, messageCount > 0, !hasAskedToClose else { return }
        guard !findings.contains(where: { [.limitReached, .messageTooLarge].contains($0.code) }) else { return }
        find(.noCloseRequest, "The connection ended without session.close.")
    }

    /// Averages say something only about some media.
    private mutating func judgeSizes(_ statistics: SessionStatistics) {
        let seconds = statistics.mediaSeconds
        guard seconds >= 3, statistics.segmentCount > 0 else { return }
        let length = seconds / Double(statistics.segmentCount)
        let text = "Messages hold \(length.figure(decimals: 1)) s of media on average."
        if length < 0.9 { find(.messagesTooShort, text) }
        if length > 3.5 { find(.messagesTooLong, text) }
        let bitRate = Double(statistics.byteCount) * 8 / seconds
        if bitRate > Self.highBitRate {
            find(.bitRateHigh, "Media have \((bitRate / 1_000_000).figure(decimals: 1)) Mb/s.")
        }
        let frameRate = Double(statistics.videoFrameCount) / seconds
        if frameRate > Self.highFrameRate {
            find(.frameRateHigh, "There are \(frameRate.figure()) pictures a second.")
        }
    }
}
