import InterhumanCore
import InterhumanSession

@testable import TerminalView

/// States as sessions bring them about.
enum SampleState {
    static func event(_ kind: SessionEvent.Kind, connection: Int? = 1) -> SessionEvent {
        SessionEvent(kind, connection: connection, wallClock: WallClockTime(nanosecondsSince1970: 0))
    }

    static func detected(
        _ type: SignalType, _ probability: SignalProbability? = .high, _ rationale: String? = nil, end: Double? = nil
    ) -> SessionEvent.Kind {
        .signalDetected([
            Timed(
                SignalObservation(type: type, start: 1, end: end, probability: probability, rationale: rationale),
                start: SessionInstant(
                    serverSeconds: 1, sessionSeconds: 1, wallClock: WallClockTime(nanosecondsSince1970: 0)))
        ])
    }

    static func ended(_ type: SignalType) -> SessionEvent.Kind {
        .signalEnded(Timed(SignalEnd(type: type, end: 2)))
    }

    static func engagement(_ state: EngagementState) -> SessionEvent.Kind {
        .engagement(Timed(EngagementUpdate(state: state, start: 0)))
    }

    static let quality = ConversationQuality(
        qualityIndex: 78, clarity: 98, authority: 94, energy: 82, rapport: 68, learning: 46)

    /// A gradient: red to the right, green downwards.
    static func picture(_ width: Int = 96, _ height: Int = 54) -> RGBPicture? {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width { pixels += [UInt8(x * 255 / width), UInt8(y * 255 / height), 128] }
        }
        return RGBPicture(width: width, height: height, pixels: pixels)
    }

    /// A session after 83 s: two signals, one that is over, all figures.
    static func live() -> ViewState {
        var state = ViewState()
        let capture = CaptureDescription(video: "FaceCam HD, 1280x720 at 30", audio: "Microphone, 48 kHz mono")
        state.take(event(.capturing(capture)), at: 100)
        state.reached(.zero)
        state.reached(.zero + .milliseconds(82_900))
        if let picture = picture() { state.show(picture) }
        state.hear(SoundLevel(loudness: -23, peak: -12), lasting: 0.02)
        state.take(event(engagement(.neutral)), at: 110)
        state.take(event(engagement(.engaged)), at: 140)
        state.take(event(engagement(.disengaged)), at: 160)
        state.take(event(engagement(.engaged)), at: 170)
        state.take(event(.conversationQuality(overall: quality, timeline: [])), at: 171)
        state.take(event(detected(.hesitation, .low, "Three pauses longer than 0.8 s.")), at: 150)
        state.take(event(ended(.hesitation)), at: 175)
        state.take(
            event(
                detected(
                    .confidence, .high,
                    "Steady, audible speech. Measured over the last 3.0 s: voice active 82 % of the time, loudness "
                        + "-23 dBFS, longest silence 0.5 s, 1 pause.")), at: 171)
        state.take(event(detected(.interest, .medium, "Leaning forward, 顔が動く, eyes on the speaker 👀.")), at: 180)
        return state
    }

    /// One of all the things that can happen.
    static func change(_ state: inout ViewState, at now: Double, using random: inout some RandomNumberGenerator) {
        let types = SignalType.known + [.unknown("日本語\u{1B}[2J"), .unknown(String(repeating: "x", count: 300))]
        let texts = [
            "", "short", "\u{1B}]0;title\u{7}ev\u{202E}il", String(repeating: "wide 幅広 ", count: 40), "e\u{301}\u{302}",
            "👩‍💻 and 🇩🇪 and ❤️", String(repeating: "\u{300}", count: 100), "line\r\nbreak\tand tab",
        ]
        let text = texts.randomElement(using: &random) ?? ""
        let type = types.randomElement(using: &random) ?? .tension
        switch Int.random(in: 0..<14, using: &random) {
        case 0: state.take(event(detected(type, SignalProbability.known.randomElement(using: &random), text)), at: now)
        case 1: state.take(event(detected(type, nil, nil, end: 3)), at: now)
        case 2: state.take(event(ended(type)), at: now)
        case 3:
            let states = EngagementState.known + [.unknown("\u{9B}31m")]
            state.take(event(engagement(states.randomElement(using: &random) ?? .engaged)), at: now)
        case 4: state.hear(SoundLevel(loudness: .random(in: -95...0, using: &random), peak: 0), lasting: 0.02)
        case 5:
            picture(.random(in: 1...100, using: &random), .random(in: 1...60, using: &random)).map { state.show($0) }
        case 6: state.tell(text, isWarning: Bool.random(using: &random), at: now)
        case 7: state.toggleHelp()
        case 8: state.take(event(.paused), at: now)
        case 9: state.take(event(.resumed), at: now)
        case 10:
            let cause = SessionError(.connection, operation: text, message: text)
            let seconds = Int.random(in: 0...9, using: &random)
            state.take(event(.reconnecting(Reconnecting(attempt: 3, delay: .seconds(seconds), cause: cause))), at: now)
        case 11: state.take(event(.capturing(CaptureDescription(video: text, audio: nil))), at: now)
        case 12: state.take(event(.conversationQuality(overall: quality, timeline: [])), at: now)
        default: state.reached(.zero + .milliseconds(Int(now * 1000)))
        }
    }
}
