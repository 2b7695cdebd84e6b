import InterhumanCore
import Testing

@testable import InterhumanLocalService

@Suite("Signal rules")
struct SignalRuleTests {
    /// A window that meets a rule fully: each condition's figure is where its grade is 1.
    private func window(meeting rule: SignalRule) -> WindowFeatures {
        var audio = WindowFeatures.Audio(
            loudness: -30, voiceActivity: 0.2, pauseCount: 1, longestPause: 0.5, pitch: 120, pitchVariation: 1)
        var video = WindowFeatures.Video(motion: 0.5, brightness: 100)
        for condition in rule.conditions {
            let value =
                switch condition.grade {
                case .rises(_, let to): to
                case .falls(let from, _): from
                case .peaks(let centre, _): centre
                }
            switch condition.feature {
            case .voiceActivity: audio.voiceActivity = value
            case .loudness: audio.loudness = value
            case .pauseCount: audio.pauseCount = Int(value)
            case .longestPause: audio.longestPause = value
            case .pitch: audio.pitch = value
            case .pitchVariation: audio.pitchVariation = value
            case .motion: video.motion = value
            case .brightness: video.brightness = value
            }
        }
        return WindowFeatures(
            start: 0, end: 8, video: rule.onlyWithout?.modality == .video ? nil : video,
            audio: rule.onlyWithout?.modality == .audio ? nil : audio)
    }

    private let nothing = WindowFeatures(start: 3, end: 11, video: nil, audio: nil)

    @Test("Every rule begins its signal; it ends when nothing is left of it", arguments: SignalRule.standard)
    func lifecycle(rule: SignalRule) throws {
        var tracker = SignalTracker(rules: [rule])
        let window = window(meeting: rule)
        #expect(rule.strength(in: window) == 1)
        let begun = tracker.update(with: window, stretchStart: 0)
        guard case .signalDetected(let observations) = try #require(begun.first) else {
            Issue.record("\(begun) is no detection")
            return
        }
        let observation = try #require(observations.first)
        #expect(observation.type == rule.signal)
        #expect(observation.start == 0)
        #expect(observation.probability == .high)
        #expect(observation.modality == rule.modality)
        let unchanged = tracker.update(with: window, stretchStart: 3)
        #expect(unchanged.isEmpty)
        let over = tracker.update(with: nothing, stretchStart: 3)
        #expect(over == [.signalEnded(SignalEnd(type: rule.signal, end: 3))])
        let rest = tracker.endAll(at: 11)
        #expect(rest.isEmpty)
    }

    @Test("Every rationale tells the rule's name, the window and each figure", arguments: SignalRule.standard)
    func rationale(rule: SignalRule) {
        let window = window(meeting: rule)
        let text = rule.rationale(for: window)
        #expect(text.hasPrefix(rule.name + ". Measured over the last 8.0 s: "))
        for feature in rule.conditions.map(\.feature) + rule.also {
            #expect(feature.phrase(in: window).map { text.contains($0) } == true, "\(feature) in \(text)")
        }
    }

    @Test("A rationale reads as a sentence")
    func wording() {
        let rule = SignalRule(
            name: "Steady, audible speech", signal: .confidence,
            conditions: [FeatureCondition(.voiceActivity, .rises(from: 0, to: 1))],
            also: [.loudness, .pauseCount, .longestPause, .motion])
        let window = WindowFeatures(
            start: 1, end: 9, video: .init(motion: 2.25, brightness: 9),
            audio: .init(loudness: -20.6, voiceActivity: 0.742, pauseCount: 2, longestPause: 0.46))
        #expect(
            rule.rationale(for: window) == """
                Steady, audible speech. Measured over the last 8.0 s: voice active 74 % of the time, \
                loudness -21 dBFS, 2 pauses, longest silence 0.5 s, motion 2.3 of 255 levels.
                """)
    }

    @Test("A signal on the border does not flicker; its probability is told when it changes, its start stays")
    func hysteresis() {
        let rule = SignalRule(
            name: "Voice", signal: .interest, conditions: [FeatureCondition(.voiceActivity, .rises(from: 0, to: 1))])
        var tracker = SignalTracker(rules: [rule])
        var time = 0.0
        func kinds(_ strength: Double) -> [String] {
            let window = WindowFeatures(
                start: 0, end: 8,
                audio: .init(loudness: -20, voiceActivity: strength, pauseCount: 0, longestPause: 0))
            time += 3
            return tracker.update(with: window, stretchStart: time).map { body in
                switch body {
                case .signalDetected(let seen): "detected \(seen[0].probability?.rawValue ?? "") \(seen[0].start)"
                case .signalUpdated(let seen): "updated \(seen.probability?.rawValue ?? "") \(seen.start)"
                case .signalEnded: "ended"
                default: "other"
                }
            }
        }
        #expect(kinds(0.45) == [])
        #expect(kinds(0.5) == ["detected medium 6.0"])
        #expect(kinds(0.6) == [])
        #expect(kinds(0.9) == ["updated high 6.0"])
        #expect(kinds(0.4) == ["updated low 6.0"])
        #expect(kinds(0.5) == ["updated medium 6.0"])
        #expect(kinds(0.29) == ["ended"])
        #expect(kinds(0.29) == [])
    }

    @Test("Of two rules for one signal the stronger speaks, and the change is told")
    func twoRules() {
        let voice = SignalRule(
            name: "Voice", signal: .interest, conditions: [FeatureCondition(.voiceActivity, .rises(from: 0, to: 1))])
        let motion = SignalRule(
            name: "Motion", signal: .interest, conditions: [FeatureCondition(.motion, .rises(from: 0, to: 1))])
        var tracker = SignalTracker(rules: [voice, motion])
        func rationales(voice: Double, motion: Double) -> [String] {
            let window = WindowFeatures(
                start: 0, end: 8, video: .init(motion: motion, brightness: 0),
                audio: .init(loudness: -20, voiceActivity: voice, pauseCount: 0, longestPause: 0))
            return tracker.update(with: window, stretchStart: 0).map { body in
                switch body {
                case .signalDetected(let seen): seen.first?.rationale ?? ""
                case .signalUpdated(let seen): seen.rationale ?? ""
                default: "other"
                }
            }
        }
        #expect(rationales(voice: 0.9, motion: 0.8).map { $0.prefix(6) } == ["Voice."])
        #expect(rationales(voice: 0.9, motion: 1).map { $0.prefix(7) } == ["Motion."])
    }

    @Test(
        "Numbers are rounded and keep their decimals",
        arguments: [
            (7.96, 1, "8.0"), (-20.5, 0, "-21"), (0.04, 1, "0.0"), (-0.04, 1, "0.0"), (3.14159, 3, "3.142"),
            (12, 0, "12"), (-1.25, 2, "-1.25"), (1.05, 2, "1.05"),
        ])
    func figures(value: Double, decimals: Int, expected: String) {
        #expect(value.figure(decimals: decimals) == expected)
    }

    @Test("Grades are 0 and 1 at their ends and linear between")
    func grades() {
        #expect([1, 2, 3, 4, 5].map(Grade.rises(from: 2, to: 4).callAsFunction) == [0, 0, 0.5, 1, 1])
        #expect([1, 2, 3, 4, 5].map(Grade.falls(from: 2, to: 4).callAsFunction) == [1, 1, 0.5, 0, 0])
        #expect([0, 1, 2, 3, 4].map(Grade.peaks(at: 2, reach: 2).callAsFunction) == [0, 0.5, 1, 0.5, 0])
    }
}
