import InterhumanCore
import InterhumanTesting

@testable import InterhumanSession

/// Everything that happens to one simulated session, drawn from a seed.
struct SimulationPlan: Sendable, CustomStringConvertible {
    var seed: UInt64
    /// Seconds of media that the sources have.
    var mediaSeconds: Int
    var isLive: Bool
    var hasAudio: Bool
    /// When the camera is lost, in seconds after the start; nil for never.
    var losesCameraAfter: Int?
    /// When the devices are away for a while, in seconds after the start.
    var cameraOutages: [Range<Int>]
    var microphoneOutages: [Range<Int>]
    /// What the user does, and when, in milliseconds after the start.
    var acts: [(at: Int, act: Act)]
    var links: [SimulatedLink]
    var outbox: OutboxLimits
    var drainsFirst: Bool
    var budgetSeconds: Int?

    enum Act: String, Sendable {
        case pause, resume, finish, cancel
    }

    var description: String {
        let acts = acts.map { "\($0.act.rawValue) at \($0.at) ms" }.joined(separator: ", ")
        return """
            seed \(seed): \(mediaSeconds) s, live \(isLive), audio \(hasAudio), camera lost \(losesCameraAfter ?? -1), \
            away \(cameraOutages) and \(microphoneOutages), \
            \(links.count) links, outbox \(outbox), acts [\(acts)]
            """
    }

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        self.seed = seed
        mediaSeconds = 2 + Self.below(20, &random)
        isLive = Self.oneIn(4, &random) == false
        hasAudio = !Self.oneIn(4, &random)
        losesCameraAfter = Self.oneIn(10, &random) ? Self.below(mediaSeconds, &random) : nil
        cameraOutages = Self.outages(in: mediaSeconds, &random)
        microphoneOutages = Self.outages(in: mediaSeconds, &random)
        outbox = OutboxLimits(
            maximumSegments: 1 + Self.below(12, &random), maximumBytes: 2_000 + Self.below(40_000, &random),
            maximumAge: Self.oneIn(2, &random) ? .seconds(1 + Self.below(30, &random)) : nil)
        outbox.whenFull = OutboxLimits.WhenFull.allCases[Self.below(8, &random) < 5 ? 0 : 1 + Self.below(2, &random)]
        drainsFirst = Self.oneIn(4, &random)
        budgetSeconds = Self.oneIn(3, &random) ? 5 + Self.below(100, &random) : nil
        acts = []
        var time = 0
        for _ in 0..<Self.below(4, &random) {
            time += Self.below(8_000, &random)
            acts.append((time, Self.oneIn(2, &random) ? .pause : .resume))
        }
        // A file that is paused for good would wait for good.
        acts.append((time + 1 + Self.below(8_000, &random), .resume))
        switch Self.below(6, &random) {
        case 0: acts.append((Self.below(mediaSeconds * 1_200, &random), .finish))
        case 1: acts.append((Self.below(mediaSeconds * 1_200, &random), .cancel))
        default: break
        }
        links = []
        for _ in 0..<(1 + Self.below(6, &random)) { links.append(Self.link(&random)) }
    }

    /// How the n-th attempt goes; beyond the last all is well.
    func link(_ number: Int) -> SimulatedLink {
        number <= links.count ? links[number - 1] : SimulatedLink()
    }

    /// None for half of the devices, else up to three that don't touch.
    private static func outages(in seconds: Int, _ random: inout SplitMix64) -> [Range<Int>] {
        guard oneIn(2, &random) else { return [] }
        var outages: [Range<Int>] = []
        var time = 0
        for _ in 0..<(1 + below(3, &random)) {
            let start = time + 1 + below(6, &random)
            time = start + 1 + below(8, &random)
            if start < seconds { outages.append(start..<time) }
        }
        return outages
    }

    private static func link(_ random: inout SplitMix64) -> SimulatedLink {
        var link = SimulatedLink()
        if oneIn(2, &random) { link.openingTime = .milliseconds(below(3_000, &random)) }
        switch below(10, &random) {
        case 0: link.opening = .refuses(refusal(&random))
        case 1: link.opening = oneIn(6, &random) ? .hangs : .opens
        default: break
        }
        if oneIn(6, &random) { link.ready = nil } else { link.ready = ready(&random) }
        if oneIn(3, &random) { link.bytesPerSecond = Double(200 + below(20_000, &random)) }
        switch below(4, &random) {
        // The handshake, the configuration, and every position of the first few segments.
        case 0: link.breaksAfterBytes = below(700, &random)
        case 1: link.breaksAfterBytes = below(20_000, &random)
        case 2: link.endsAfter = .milliseconds(below(15_000, &random))
        default: break
        }
        if oneIn(15, &random) { link.stallsAfterBytes = below(20_000, &random) }
        if oneIn(3, &random) {
            let codes: [UInt16] = [1000, 1001, 1005, 1009, 1011, 1013]
            link.ending = ConnectionEnding(closeCode: codes[below(codes.count, &random)], initiator: .remote)
        }
        if oneIn(4, &random) { link.lastWords = words(&random) }
        for _ in 0..<below(3, &random) { link.messages[1 + below(8, &random)] = messages(&random) }
        link.drain = drain(&random)
        return link
    }

    private static func ready(_ random: inout SplitMix64) -> SessionReady {
        var ready = SessionReady()
        if oneIn(3, &random) { ready.sessionMaxDurationSeconds = Double(2 + below(15, &random)) }
        if oneIn(3, &random) { ready.sessionIdleTimeoutSeconds = Double(2 + below(20, &random)) }
        if oneIn(8, &random) { ready.maxSegmentSizeBytes = 50 + below(3_000, &random) }
        return ready
    }

    private static func refusal(_ random: inout SplitMix64) -> ConnectionError {
        let statuses = [401, 429, 500, 503]
        switch below(6, &random) {
        case let index where index < statuses.count:
            let status = statuses[index]
            return ConnectionError(
                status == 401 ? .unauthorized : .refused, operation: "connect", message: "No.", httpStatus: status,
                retryAfter: oneIn(2, &random) ? .seconds(below(20, &random)) : nil)
        case 4:
            return ConnectionError(
                .endedByService, operation: "connect", message: "One only.",
                serviceError: ServiceError(code: .concurrencyLimit, message: "One only."))
        default:
            return ConnectionError(.unreachable, operation: "connect", message: "Nobody answers.")
        }
    }

    private static func words(_ random: inout SplitMix64) -> ServiceError {
        let codes: [ServiceErrorCode] = [
            .internalError, .tooBusy, .modelUnavailable, .tokenExpired, .unreadableSegment, .messageTooLarge,
            .idleTimeout, .maximumDuration, .quotaExhausted,
        ]
        // Rarely what ends a session.
        return ServiceError(
            code: codes[below(oneIn(8, &random) ? codes.count : codes.count - 1, &random)], message: "!")
    }

    /// Errors that the service gets over, duplicates, things that nobody knows.
    private static func messages(_ random: inout SplitMix64) -> [ServerMessage] {
        switch below(5, &random) {
        case 0: [ServerMessage(scripted: .error(ServiceError(code: .malformedSegment, message: "What?")))]
        case 1: [ServerMessage(scripted: .error(ServiceError(code: .noUsableVideo, message: "Dark.")))]
        case 2:
            Array(
                repeating: ServerMessage(scripted: .signalEnded(SignalEnd(type: .stress, end: 1e300))), count: 2)
        case 3: [ServerMessage(scripted: .unknown(reason: "new"))]
        default: [ServerMessage(scripted: .sessionReady(SessionReady()))]
        }
    }

    private static func drain(_ random: inout SplitMix64) -> SimulatedLink.Drain {
        switch below(11, &random) {
        case 0: .silence
        case 4: .breaks(after: .milliseconds(below(4_000, &random)))
        case 1: .chatter
        case 2: .closes
        case 3: .announcedOnly(seconds: [-1, 0, 5, 30, .infinity, .nan][below(6, &random)])
        default: .orderly(after: .milliseconds(below(4_000, &random)))
        }
    }

    private static func below(_ bound: Int, _ random: inout SplitMix64) -> Int {
        Int(random.next() % UInt64(max(1, bound)))
    }

    private static func oneIn(_ count: Int, _ random: inout SplitMix64) -> Bool { below(count, &random) == 0 }
}
