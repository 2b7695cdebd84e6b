import InterhumanCore
import Testing

@testable import InterhumanLocalService

@Suite("Analysis of decoded media")
struct MediaAnalyzerTests {
    /// What a stretch of generated media is like.
    private struct Scene {
        /// In seconds.
        var range: Range<Double>
        /// Luminance levels by which the picture changes in 0.1 s; nil for no video.
        var motion: UInt8?
        /// Seconds of tone and of silence in turn; nil for no audio.
        var voice: (on: Double, off: Double)?
    }

    private func feed(_ analyzer: inout MediaAnalyzer, _ scene: Scene) -> [ServerMessage.Body] {
        var findings: [ServerMessage.Body] = []
        let first = Int((scene.range.lowerBound * 50).rounded())
        let last = Int((scene.range.upperBound * 50).rounded())
        for step in first..<last {
            let time = Double(step) / 50
            if let motion = scene.motion, step % 5 == 0 {
                let luminance = step / 5 % 2 == 0 ? 100 : 100 + motion
                findings += analyzer.add(SyntheticMedia.grey(luminance, at: time))
            }
            guard let voice = scene.voice else { continue }
            let phase = time.truncatingRemainder(dividingBy: voice.on + voice.off)
            let frequency = 120 + 40 * (time.truncatingRemainder(dividingBy: 2))
            findings += analyzer.add(
                SyntheticMedia.tone(frequency, amplitude: phase < voice.on ? 0.4 : 0, at: time))
        }
        return findings
    }

    private func analyzer(
        video: Bool = true, audio: Bool = true, include: [AnalysisOutput] = [], goals: [GoalDimension]? = nil
    ) -> MediaAnalyzer {
        var analyzer = MediaAnalyzer(
            configuration: SessionConfiguration(include: include, goalDimensions: goals))
        analyzer.beginStream(hasVideo: video, hasAudio: audio)
        return analyzer
    }

    @Test("Speech with movement is engaging from the first window on; silence and stillness end that")
    func story() throws {
        var analyzer = analyzer()
        let lively = feed(&analyzer, Scene(range: 0..<12.1, motion: 8, voice: (1.2, 0.4)))
        #expect(lively.detected.contains(.engagement))
        #expect(lively.states == [.engaged])
        let firstStart = lively.compactMap { body -> Double? in
            if case .signalDetected(let seen) = body { seen.first?.start } else { nil }
        }.first
        #expect(firstStart == 0)
        let dull = feed(&analyzer, Scene(range: 12.1..<27.1, motion: 0, voice: (0, 1)))
        #expect(dull.ended.contains(.engagement))
        #expect(dull.detected.contains(.disengagement))
        #expect(dull.states.last == .disengaged)
        let rest = analyzer.finish()
        #expect(rest.ended == [.disengagement])
        #expect(rest.last == .signalEnded(SignalEnd(type: .disengagement, end: analyzer.mediaEnd)))
    }

    @Test("The same media give the same findings")
    func determinism() {
        let runs = (0..<2).map { _ in
            var analyzer = analyzer(include: AnalysisOutput.known, goals: [.energy, .clarity])
            return feed(&analyzer, Scene(range: 0..<10, motion: 5, voice: (0.8, 0.7)))
                + feed(&analyzer, Scene(range: 14..<24, motion: 1, voice: (0.2, 2))) + analyzer.finish()
        }
        #expect(runs[0] == runs[1])
        #expect(runs[0].count > 10)
    }

    @Test("Every detected signal is ended, once, after it began")
    func pairing() {
        var analyzer = analyzer()
        let findings =
            feed(&analyzer, Scene(range: 0..<10, motion: 9, voice: (1, 0.2)))
            + feed(&analyzer, Scene(range: 10..<20, motion: 0, voice: (0.5, 2)))
            + feed(&analyzer, Scene(range: 25..<40, motion: 3, voice: (0, 1))) + analyzer.finish()
        var active: [SignalType: Double] = [:]
        for finding in findings {
            switch finding {
            case .signalDetected(let seen):
                for observation in seen {
                    #expect(active[observation.type] == nil)
                    active[observation.type] = observation.start
                }
            case .signalUpdated(let observation): #expect(active[observation.type] != nil)
            case .signalEnded(let end):
                let start = active.removeValue(forKey: end.type)
                #expect(start.map { $0 < end.end } == true)
            default: break
            }
        }
        #expect(active.isEmpty)
        #expect(findings.detected.count > 3)
    }

    @Test("Sound without picture, and picture without sound, are analysed", arguments: [true, false])
    func oneTrack(isVideo: Bool) {
        var analyzer = analyzer(video: isVideo, audio: !isVideo)
        let scene = Scene(range: 0..<10, motion: isVideo ? 8 : nil, voice: isVideo ? nil : (1.2, 0.4))
        let findings = feed(&analyzer, scene)
        #expect(findings.states == [.engaged])
        #expect(findings.detected.contains(isVideo ? .interest : .confidence))
        let silent = Scene(range: 10..<25, motion: isVideo ? 0 : nil, voice: isVideo ? nil : (0, 1))
        let dull = feed(&analyzer, silent)
        #expect(dull.detected.last == .disengagement)
    }

    @Test("The model for sound alone looks at no picture and reports what can be heard")
    func audioModel() {
        var analyzer = analyzer()
        analyzer.configuration.model = .inter2Audio
        let findings =
            feed(&analyzer, Scene(range: 0..<10, motion: 30, voice: (1.5, 0.3)))
            + feed(&analyzer, Scene(range: 10..<25, motion: 30, voice: (0.4, 2))) + analyzer.finish()
        #expect(findings.detected.contains(.confidence))
        #expect(findings.detected.contains(.hesitation))
        #expect(Set(findings.detected).isSubset(of: MediaAnalyzer.audibleSignals))
        let rationales = findings.flatMap { body -> [String] in
            if case .signalDetected(let seen) = body { seen.compactMap(\.rationale) } else { [] }
        }
        #expect(!rationales.contains { $0.contains("motion") })
    }

    @Test("A track that stops does not hold up the other")
    func stoppedTrack() {
        var analyzer = analyzer()
        _ = feed(&analyzer, Scene(range: 0..<4, motion: 8, voice: (1.2, 0.4)))
        let findings = feed(&analyzer, Scene(range: 4..<14, motion: nil, voice: (1.2, 0.4)))
        #expect(!findings.isEmpty)
    }

    @Test("A hole in the media ends the signals before it and is reported")
    func hole() throws {
        var analyzer = analyzer()
        let before = feed(&analyzer, Scene(range: 0..<6, motion: 8, voice: (1.2, 0.4)))
        #expect(before.detected.contains(.engagement))
        let after = feed(&analyzer, Scene(range: 9..<13, motion: 8, voice: (1.2, 0.4)))
        let ranges = after.compactMap { body -> CoverageRange? in
            if case .coverageDropped(let coverage) = body { coverage.ranges.first } else { nil }
        }
        let range = try #require(ranges.first)
        #expect(ranges.count == 1)
        #expect(abs(range.start - 6) < 0.001 && range.end == 9)
        #expect(after.ended.contains(.engagement))
        #expect(after.detected.contains(.engagement))
        #expect(after.states == [.engaged])
    }

    @Test("A jump of years costs one message, not a window for every three seconds of it")
    func jump() {
        var analyzer = analyzer()
        _ = feed(&analyzer, Scene(range: 0..<4, motion: 8, voice: (1, 0)))
        let findings = analyzer.add(SyntheticMedia.grey(1, at: 5_000_000_000))
        #expect(findings.count < 10)
    }

    @Test("What says that it lasts for years costs no window for every three seconds of it", .timeLimit(.minutes(1)))
    func endlessItems() {
        var video = analyzer(audio: false)
        let picture = video.add(SyntheticMedia.grey(1, at: 0, lasting: .seconds(1_000_000_000)))
        #expect(picture.isEmpty)
        #expect(video.mediaEnd <= MediaAnalyzer.longestVideoHole)
        #expect((video.add(SyntheticMedia.grey(1, at: 1_000_000_000)) + video.finish()).count < 10)
        var audio = analyzer(video: false)
        let sound = AudioChunk(
            format: AudioFormat(sampleRate: 1, channelCount: 1), captureTime: .zero,
            samples: .int16([Int16](repeating: 0, count: 10_000_000)))
        #expect((audio.add(sound) + audio.finish()).count < 10)
    }

    @Test("A picture that is shown for longer than a hole in the video is one, told once")
    func longPicture() {
        var analyzer = analyzer(audio: false)
        let findings =
            analyzer.add(SyntheticMedia.grey(1, at: 0, lasting: .seconds(10)))
            + analyzer.add(SyntheticMedia.grey(1, at: 10))
        let ranges = findings.flatMap { body -> [CoverageRange] in
            if case .coverageDropped(let coverage) = body { coverage.ranges } else { [] }
        }
        #expect(ranges == [CoverageRange(start: 2, end: 10)])
    }

    @Test("A picture that freezes out while sound goes on is reported as degraded")
    func videoGap() {
        var analyzer = analyzer()
        _ = feed(&analyzer, Scene(range: 0..<4, motion: 8, voice: (1.2, 0.4)))
        _ = feed(&analyzer, Scene(range: 4..<8, motion: nil, voice: (1.2, 0.4)))
        let findings = feed(&analyzer, Scene(range: 8..<9, motion: 8, voice: (1.2, 0.4)))
        let gaps = findings.compactMap { body -> Coverage? in
            if case .coverageDegraded(let coverage) = body { coverage } else { nil }
        }
        #expect(gaps.map(\.reason) == ["video_gap"])
    }

    @Test("Scores come every window when asked for, from 0 to 100, and their stretches join without a seam")
    func quality() throws {
        var analyzer = analyzer(include: AnalysisOutput.known)
        let findings = feed(&analyzer, Scene(range: 0..<13, motion: 4, voice: (1, 0.5))) + analyzer.finish()
        let updates = findings.compactMap { body -> ConversationQualityUpdate? in
            if case .conversationQualityUpdated(let update) = body { update } else { nil }
        }
        #expect(updates.count == 5)
        let stretches = updates.flatMap { $0.timeline ?? [] }
        #expect(stretches.map(\.start) == [0, 3, 6, 9, 12])
        #expect(zip(stretches, stretches.dropFirst()).allSatisfy { $0.end == $1.start })
        for quality in updates.compactMap(\.overall) + stretches.map(\.values) {
            for dimension in GoalDimension.known {
                let score = try #require(quality.score(of: dimension))
                #expect((0...100).contains(score))
            }
            #expect((0...100).contains(quality.qualityIndex))
        }
    }

    @Test("Without being asked for, there are neither scores nor feedback")
    func nothingUnasked() {
        var analyzer = analyzer()
        let findings = feed(&analyzer, Scene(range: 0..<13, motion: 4, voice: (1, 0.5)))
        #expect(
            !findings.contains { body in
                switch body {
                case .conversationQualityUpdated, .feedbackGenerated: true
                default: false
                }
            })
    }

    @Test("Feedback is a sentence with figures about a chosen dimension, first after 6 s, then every 12 s")
    func feedback() {
        var analyzer = analyzer(goals: [.energy])
        let findings = feed(&analyzer, Scene(range: 0..<19, motion: 0, voice: (0.4, 1.5)))
        let texts = findings.compactMap { body -> String? in
            if case .feedbackGenerated(let feedback) = body { feedback.text } else { nil }
        }
        #expect(texts.count == 2)
        #expect(texts.allSatisfy { $0.hasPrefix("Energy scores ") && $0.contains("dBFS") && $0.hasSuffix(".") })
    }
}

extension [ServerMessage.Body] {
    /// The types of all detected signals, in order.
    var detected: [SignalType] {
        flatMap { body -> [SignalType] in
            if case .signalDetected(let seen) = body { seen.map(\.type) } else { [] }
        }
    }

    /// The types of all ended signals, in order.
    var ended: [SignalType] {
        compactMap { body in
            if case .signalEnded(let end) = body { end.type } else { nil }
        }
    }

    /// The engagement states, in order.
    var states: [EngagementState] {
        compactMap { body in
            if case .engagementUpdated(let update) = body { update.state } else { nil }
        }
    }
}
