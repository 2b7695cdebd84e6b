import InterhumanCore
import InterhumanWire

/// The protocol of one session as the service sees it: what came in, what goes out. Pure: no socket, clock, decoder.
///
/// | state    | config             | media                     | `session.close`      | media analysed  | time       |
/// | -------- | ------------------ | ------------------------- | -------------------- | --------------- | ---------- |
/// | opening  | –                  | –                         | –                    | –               | –          |
/// | running  | updated, or ih6001 | decode, ih5004, or ih6002 | closing → draining   | –               | ih6003/4   |
/// | draining | ignored, noted     | ignored, noted            | ignored, noted       | ended → closed  | → closed   |
/// | closed   | ignored            | ignored                   | ignored              | ignored         | abort      |
struct ServiceSessionMachine: Sendable {
    private enum State: Equatable {
        case opening
        case running
        case draining(reason: String, deadline: MediaTime)
        case closed(deadline: MediaTime)
    }

    let request: SessionRequest
    let limits: ServiceLimits

    /// What is in effect.
    private(set) var configuration: SessionConfiguration
    /// Number of media messages that were accepted for decoding.
    private(set) var segmentCount = 0
    /// Number of the message that began the container under way.
    private(set) var containerStart = 0

    private var state = State.opening
    private var openedAt = MediaTime.zero
    private var lastActivity = MediaTime.zero
    private var isConfigured = false
    private var streamCount = 0
    /// Whether nothing can be decoded until a container begins anew.
    private var isMediaBroken = false
    private var lastFailedSegment: Int?
    private var hasReportedMissingAudio = false
    private var hasReportedMissingVideo = false

    init(request: SessionRequest, limits: ServiceLimits) {
        self.request = request
        self.limits = limits
        configuration = SessionConfiguration(
            include: [], model: request.version == .v2 ? request.model ?? .inter2 : nil)
    }

    /// Whether the session is over but for the closing handshake.
    var isClosed: Bool {
        if case .closed = state { return true }
        return false
    }

    /// The latest time at which the machine wants to be told the time while it runs.
    var deadline: MediaTime? {
        guard state == .running else { return nil }
        return min(lastActivity + limits.idleTimeout, openedAt + limits.maximumDuration)
    }

    // MARK: The connection

    /// The client may have no session, or none any more: it is told why and the connection closed.
    mutating func refuse(_ error: ServiceError, closeCode: UInt16, at now: MediaTime) -> [SessionAction] {
        guard !isClosed else { return [] }
        return [.send(.error(error)), .abandonMedia]
            + close(code: closeCode, reason: error.code.rawValue, at: now)
    }

    /// The connection is closed for no reason of the protocol.
    mutating func cut(closeCode: UInt16, at now: MediaTime) -> [SessionAction] {
        isClosed ? [] : [.abandonMedia] + close(code: closeCode, reason: "on request", at: now)
    }

    /// The WebSocket is open.
    mutating func open(at now: MediaTime) -> [SessionAction] {
        guard state == .opening else { return [] }
        openedAt = now
        lastActivity = now
        if let complaint = complaintAboutModel {
            return fail(.badModel, complaint, closeCode: 1008, closeReason: "bad model", at: now)
        }
        state = .running
        return [.send(.sessionReady(ready))]
    }

    /// The connection is gone; nothing can be sent any more.
    mutating func connectionEnded(at now: MediaTime) -> [SessionAction] {
        guard !isClosed else { return [] }
        state = .closed(deadline: now)
        return [.abandonMedia]
    }

    private var complaintAboutModel: String? {
        guard let model = request.model else { return nil }
        guard let models = request.models else { return "v1 has no model parameter. Leave it out, or use v2." }
        guard !models.contains(model) else { return nil }
        let names = models.map(\.rawValue).joined(separator: ", ")
        return "The model \"\(model.rawValue.prefix(40))\" can't be used for streams. Choose one of \(names)."
    }

    private var ready: SessionReady {
        var ready = SessionReady()
        // Whole seconds: the vendor's SDK takes no others.
        ready.sessionIdleTimeoutSeconds = limits.idleTimeout.inSeconds.rounded(.up)
        ready.sessionMaxDurationSeconds = limits.maximumDuration.inSeconds.rounded(.up)
        ready.minSegmentSizeBytes = limits.minimumMessageSize
        ready.maxSegmentSizeBytes = limits.maximumMessageSize
        ready.supportedOptions = SupportedSessionOptions(
            include: AnalysisOutput.known, goalDimensions: GoalDimension.known, model: request.models)
        return ready
    }

    // MARK: Messages of the client

    /// A configuration frame came.
    mutating func receive(_ frame: SessionConfiguration, at now: MediaTime) -> [SessionAction] {
        guard isRunning(at: now) else { return ignored }
        let check = SessionConfigurationCheck(
            request: request, current: configuration, hasMedia: segmentCount > 0)
        if let complaint = check.complaint(about: frame) { return [Self.error(.badConfiguration, complaint)] }
        configuration = check.merged(frame)
        isConfigured = true
        let updated = SessionUpdated(
            include: configuration.include, goalDimensions: configuration.goalDimensions,
            model: configuration.model)
        return [.configure(configuration), .send(.sessionUpdated(updated))]
    }

    /// A text message came that is no configuration and no known request.
    mutating func receiveUnreadableText(complaint: String, at now: MediaTime) -> [SessionAction] {
        guard isRunning(at: now) else { return ignored }
        return [Self.error(.badConfiguration, complaint)]
    }

    /// A binary message came.
    ///
    /// - Parameter beginsContainer: Whether it begins with a container's header.
    mutating func receiveMedia(
        byteCount: Int, beginsContainer: Bool, at now: MediaTime
    ) -> [SessionAction] {
        guard isRunning(at: now) else { return ignored }
        guard byteCount <= limits.maximumMessageSize else {
            let message = "A message has \(byteCount) bytes; \(limits.maximumMessageSize) are allowed."
            return fail(.messageTooLarge, message, closeCode: 1009, closeReason: "message too large", at: now)
        }
        guard byteCount >= limits.minimumMessageSize else {
            let message = "A message has \(byteCount) bytes; at least \(limits.minimumMessageSize) are needed."
            return [Self.error(.malformedSegment, message, segment: segmentCount)]
        }
        let segment = segmentCount
        segmentCount += 1
        if configuration.audioFormat != nil { return noteOnFirstMedia(segment) + [.decode(segment: segment)] }
        if isMediaBroken, !beginsContainer {
            lastFailedSegment = segment
            let message = "The stream was broken before. Begin a new container: a header, then a keyframe."
            return [Self.error(.malformedSegment, message, segment: segment)]
        }
        if beginsContainer { containerStart = segment }
        isMediaBroken = false
        return noteOnFirstMedia(segment) + [.decode(segment: segment)]
    }

    /// The client asked for the end.
    mutating func receiveCloseRequest(at now: MediaTime) -> [SessionAction] {
        guard isRunning(at: now) else { return ignored }
        // The older generations know no such request.
        guard request.dialect == .current else { return [.note(.closeRequestUnknown)] }
        return drain(reason: "client_shutdown", at: now)
    }

    private func noteOnFirstMedia(_ segment: Int) -> [SessionAction] {
        segment == 0 && !isConfigured ? [.note(.mediaBeforeConfiguration)] : []
    }

    private mutating func isRunning(at now: MediaTime) -> Bool {
        guard state == .running else { return false }
        lastActivity = max(lastActivity, now)
        return true
    }

    private var ignored: [SessionAction] {
        if case .draining = state { return [.note(.messageAfterClose)] }
        return []
    }

    // MARK: Results of decoding and analysis

    /// A container's header was read.
    mutating func streamStarted(hasVideo: Bool, hasAudio: Bool) -> [SessionAction] {
        guard !isClosed else { return [] }
        streamCount += 1
        var actions: [SessionAction] = streamCount > 1 ? [.note(.containerRestarted)] : []
        if !hasAudio, !hasReportedMissingAudio {
            hasReportedMissingAudio = true
            actions.append(Self.error(.noAudioTrack, "The stream has no audio track. Send sound with the picture."))
        }
        if !hasVideo, configuration.model != .inter2Audio, !hasReportedMissingVideo {
            hasReportedMissingVideo = true
            actions.append(Self.error(.noUsableVideo, "The stream has no video track. Send a picture with the sound."))
        }
        return actions
    }

    /// The analysis found something.
    func found(_ findings: [ServerMessage.Body]) -> [SessionAction] {
        isClosed ? [] : findings.map { .send($0) }
    }

    /// A container can't be decoded any further. The error names the last message that came of it.
    ///
    /// - Parameters:
    ///   - code: ih5004 for bytes that are no media, ih5002 for media beyond what the service can read.
    ///   - container: Number of the message that began it; the next container may have begun by now.
    mutating func mediaFailed(
        _ code: ServiceErrorCode, message: String, container: Int, at now: MediaTime
    ) -> [SessionAction] {
        guard !isClosed else { return [] }
        let isUnderWay = container == containerStart
        if isUnderWay { isMediaBroken = true }
        let segment = max(0, (isUnderWay ? segmentCount : containerStart) - 1)
        guard lastFailedSegment != segment else { return [] }
        lastFailedSegment = segment
        guard !limits.unreadableMediaEndsSession else {
            return fail(code, message, segment: segment, closeCode: 1008, closeReason: "unreadable media", at: now)
        }
        return [Self.error(code, message, segment: segment)]
    }

    /// Everything that came was analysed; these are the last findings.
    mutating func mediaFinished(_ findings: [ServerMessage.Body], at now: MediaTime) -> [SessionAction] {
        guard case .draining(let reason, _) = state else { return [] }
        return findings.map { .send($0) } + end(reason: reason, at: now)
    }

    // MARK: Time

    /// It is now this late.
    mutating func timePassed(to now: MediaTime) -> [SessionAction] {
        switch state {
        case .opening: return []
        case .running:
            if now >= openedAt + limits.maximumDuration {
                let text = "The session reached its maximum of \(limits.maximumDuration.inSeconds.figure()) s."
                return [Self.error(.maximumDuration, text)] + drain(reason: "max_duration", at: now)
            }
            guard now >= lastActivity + limits.idleTimeout else { return [] }
            let text = "No message came for \(limits.idleTimeout.inSeconds.figure()) s."
            return [Self.error(.idleTimeout, text)] + drain(reason: "idle_timeout", at: now)
        case .draining(let reason, let deadline):
            return now >= deadline ? [.note(.drainCutShort), .abandonMedia] + end(reason: reason, at: now) : []
        case .closed(let deadline):
            return now >= deadline ? [.abort] : []
        }
    }

    // MARK: Ends

    private mutating func drain(reason: String, at now: MediaTime) -> [SessionAction] {
        let deadline = now + limits.maximumDrain
        state = .draining(reason: reason, deadline: deadline)
        return [
            .send(.sessionClosing(SessionClosing(maxDrainSeconds: limits.maximumDrain.inSeconds.rounded(.up)))),
            .wake(at: deadline), .finishMedia,
        ]
    }

    private mutating func end(reason: String, at now: MediaTime) -> [SessionAction] {
        [.send(.sessionEnded(SessionEnded(reason: reason)))] + close(code: 1000, reason: reason, at: now)
    }

    private mutating func fail(
        _ code: ServiceErrorCode, _ message: String, segment: Int? = nil, closeCode: UInt16, closeReason: String,
        at now: MediaTime
    ) -> [SessionAction] {
        [Self.error(code, message, segment: segment), .abandonMedia]
            + close(code: closeCode, reason: closeReason, at: now)
    }

    private mutating func close(code: UInt16, reason: String, at now: MediaTime) -> [SessionAction] {
        let deadline = now + limits.closeTimeout
        state = .closed(deadline: deadline)
        return [.wake(at: deadline), .close(code: code, reason: reason)]
    }

    private static func error(_ code: ServiceErrorCode, _ message: String, segment: Int? = nil) -> SessionAction {
        .send(.error(ServiceError(code: code, message: message, link: ServiceLinks.documentation, segment: segment)))
    }
}

/// What errors point to.
enum ServiceLinks {
    /// The vendor's documentation.
    static let documentation = "https://docs.interhuman.ai"
}
