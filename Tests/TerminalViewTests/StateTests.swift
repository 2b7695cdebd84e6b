import InterhumanCore
import InterhumanSession
import Testing

@testable import TerminalView

@Suite("What the view remembers")
struct StateTests {
    private func types(_ state: ViewState, at now: Double) -> [String] {
        state.signals.shown(at: now).map { ($0.vanished == nil ? "" : "-") + $0.type.rawValue }
    }

    @Test("Signals come, go, are remembered for a while and forgotten")
    func signals() {
        var state = ViewState()
        state.take(SampleState.event(SampleState.detected(.confidence)), at: 1)
        state.take(SampleState.event(SampleState.detected(.interest)), at: 2)
        #expect(types(state, at: 3) == ["interest", "confidence"])
        state.take(SampleState.event(SampleState.ended(.interest)), at: 4)
        #expect(types(state, at: 5) == ["confidence", "-interest"])
        #expect(types(state, at: 33.9) == ["confidence", "-interest"])
        #expect(types(state, at: 34) == ["confidence"])
    }

    @Test("A signal that returns takes its line back; one that is found again keeps its age")
    func returning() {
        var state = ViewState()
        state.take(SampleState.event(SampleState.detected(.confidence, .low, "first")), at: 1)
        state.take(SampleState.event(SampleState.detected(.confidence, .high, nil)), at: 5)
        let entry = state.signals.shown(at: 6).first
        #expect(entry?.appeared == 1 && entry?.probability == .high && entry?.rationale == "first")
        state.take(SampleState.event(SampleState.ended(.confidence)), at: 7)
        state.take(SampleState.event(SampleState.detected(.confidence)), at: 8)
        #expect(types(state, at: 9) == ["confidence"])
        #expect(state.signals.shown(at: 9).first?.appeared == 8)
    }

    @Test("The first generation's signals are over when they are told")
    func closed() {
        var state = ViewState()
        state.take(SampleState.event(SampleState.detected(.confidence, .high, nil, end: 3)), at: 1)
        #expect(types(state, at: 2) == ["-confidence"])
    }

    @Test("The end on another connection ends nothing here")
    func connections() {
        var state = ViewState()
        state.take(SampleState.event(SampleState.detected(.confidence), connection: 2), at: 1)
        state.take(SampleState.event(SampleState.ended(.confidence), connection: 1), at: 2)
        #expect(types(state, at: 3) == ["confidence"])
    }

    @Test("Memory is bounded, whatever the service sends")
    func bounds() {
        var state = ViewState()
        let long = String(repeating: "long ", count: 10_000)
        for number in 0..<1_000 {
            state.take(SampleState.event(SampleState.detected(.unknown("type \(number)"), .high, long)), at: 1)
            state.take(SampleState.event(SampleState.engagement(number % 2 == 0 ? .engaged : .neutral)), at: 1)
            state.tell(long, at: 1)
        }
        #expect(state.signals.entries.count == 64)
        #expect(state.signals.entries.allSatisfy { $0.rationale.count <= 1_000 })
        #expect(state.attention.count == 256)
        #expect(state.notice.map { $0.text.count } == 2_000)
    }

    @Test("The phase follows the session, and says what the pause key does")
    func phases() {
        var state = ViewState()
        #expect(state.phase == .connecting && state.isPaused == nil)
        state.take(SampleState.event(.capturing(CaptureDescription(video: "v", audio: nil))), at: 1)
        #expect(state.phase == .live && state.isPaused == false && state.began == 1)
        let cause = SessionError(.connection, operation: "send", message: "The network is gone.")
        state.take(
            SampleState.event(.reconnecting(Reconnecting(attempt: 2, delay: .seconds(4), cause: cause))), at: 10)
        #expect(state.phase == .reconnecting(attempt: 2, due: 14) && state.isPaused == false)
        #expect(state.notice?.text == "The network is gone." && state.notice?.isWarning == true)
        state.take(SampleState.event(.reconnected(Reconnected(attempts: 2, outage: .seconds(5)))), at: 15)
        #expect(state.phase == .live)
        state.take(SampleState.event(.paused), at: 16)
        #expect(state.isPaused == true)
        state.take(SampleState.event(.resumed), at: 17)
        state.take(SampleState.event(.draining(SessionClosing(maxDrainSeconds: 10))), at: 18)
        #expect(state.phase == .finishing && state.isPaused == nil)
        state.take(SampleState.event(.ended(SessionSummary(completion: .sessionEnded(reason: "x")))), at: 20)
        #expect(state.phase == .ended && state.stopped == 20)
    }

    @Test("Media time begins with whichever track begins first")
    func mediaTime() {
        var state = ViewState()
        state.reached(.zero + .seconds(5))
        #expect(state.captured == 0)
        state.reached(.zero + .seconds(4))
        state.reached(.zero + .seconds(9))
        #expect(state.captured == 5)
        state.reached(.zero + .seconds(8))
        #expect(state.captured == 5)
    }

    @Test(
        "Escape sequences are no keys",
        arguments: [
            ("qp?", "qp?"), ("\u{1B}[Aq", "q"), ("\u{1B}[1;5Cq\u{1B}OPp", "qp"), ("\u{1B}", ""), ("\u{1B}[", ""),
            ("\u{1B}xq", "q"), ("\u{1B}[200", ""),
        ])
    func keys(typed: String, expected: String) {
        #expect(String(String.UnicodeScalarView(TypedKeys.plain(Array(typed.utf8)))) == expected)
    }

    // MARK: Sound

    @Test(
        "Levels in dBFS",
        arguments: [
            (AudioSamples.int16([Int16](repeating: -32768, count: 480)), 0.0, 0.0),
            (.int16([]), -90, -90), (.int16([0, 0]), -90, -90), (.float32([.nan, .infinity]), -90, -90),
            (.float32([0.5, -0.5]), -6.02, -6.02), (.float32([1, 0, 0, 0]), -6.02, 0),
        ])
    func levels(samples: AudioSamples, loudness: Double, peak: Double) {
        let level = SoundLevel(samples)
        #expect(abs(level.loudness - loudness) < 0.01)
        #expect(abs(level.peak - peak) < 0.01)
    }

    @Test("The meter rises at once, falls slowly, and holds its peak")
    func meter() {
        var meter = LevelMeter()
        meter.take(SoundLevel(loudness: -20, peak: -10), lasting: 0.02)
        #expect(meter.level == -20 && meter.peak == -10)
        let silence = SoundLevel(loudness: -90, peak: -90)
        for _ in 0..<50 { meter.take(silence, lasting: 0.02) }
        #expect(abs(meter.level + 46) < 0.01)
        #expect(meter.peak == -10)
        for _ in 0..<50 { meter.take(silence, lasting: 0.02) }
        #expect(meter.peak < -20 && meter.peak > -30)
        for _ in 0..<500 { meter.take(silence, lasting: 0.02) }
        #expect(meter.level == -90 && meter.peak == -90)
        meter.take(SoundLevel(loudness: -3, peak: 0), lasting: 0.02)
        #expect(meter.isClipping)
    }
}
