import InterhumanCore
import Testing

@testable import InterhumanCapture

/// The track's timeline, with times that the test makes up.
@Suite struct MicrophoneTrackTests {
    static let format = AudioFormat(sampleRate: 48_000, channelCount: 1)
    static let start = MediaTime(seconds: 1000)

    static func track() -> MicrophoneTrack {
        MicrophoneTrack(format: format, silenceTimeout: .seconds(5))
    }

    /// Feeds 20 ms at a time.
    struct Feeder {
        var track = MicrophoneTrackTests.track()
        var fed = 0
        var jitter: (Int) -> Double = { _ in 0 }
        var offset = 0.0

        var time: MediaTime { start + .seconds(Double(fed) / 48_000 + offset) }

        mutating func feed() -> MicrophoneTrack.Output {
            let samples = (0..<960).map { Int16(truncatingIfNeeded: (fed + $0) % 96 * 100) }
            let captured = time + .seconds(jitter(fed / 960))
            fed += 960
            return track.samples(samples, captured: captured, now: time)
        }
    }

    @Test func samplesPassUnchangedWhereNothingIsWrong() {
        var feeder = Feeder()
        var chunks: [AudioChunk] = []
        for _ in 0..<50 { chunks += feeder.feed().chunks }
        let recorded = Recorded(chunks, format: Self.format)
        #expect(recorded.gaps == 0 && recorded.start == Self.start)
        #expect(recorded.samples.count == 48_000 - 16)
        #expect(recorded.samples.enumerated().allSatisfy { $0.element == Int16($0.offset % 96 * 100) })
    }

    @Test func soundBeforeTheFirstTimeIsKeptAndDatedBack() {
        var track = Self.track()
        #expect(track.samples([Int16](repeating: 1, count: 960), captured: nil, now: Self.start).chunks.isEmpty)
        let output = track.samples([Int16](repeating: 2, count: 960), captured: Self.start, now: Self.start)
        let recorded = Recorded(output.chunks, format: Self.format)
        #expect(recorded.start == Self.start - .milliseconds(20) && recorded.samples.count == 1920 - 16)
    }

    @Test func aHoleIsAsMuchSilence() {
        var feeder = Feeder()
        var chunks: [AudioChunk] = []
        for _ in 0..<5 { chunks += feeder.feed().chunks }
        chunks += feeder.track.hole(sampleCount: 4_800, captured: feeder.time, now: feeder.time).chunks
        feeder.fed += 4_800
        for _ in 0..<5 { chunks += feeder.feed().chunks }
        let recorded = Recorded(chunks, format: Self.format)
        #expect(recorded.gaps == 0)
        #expect(recorded.samples[4_800..<9_600].allSatisfy { $0 == 0 })
        #expect(recorded.samples[9_601] == 100 && feeder.track.statistics.filled == 4_800)
    }

    /// At 1 kHz, as the timeline's logic doesn't depend on the rate but the test's duration does.
    @Test(arguments: [500e-6, -500e-6])
    func aSourceHalfAThousandthOffStaysInSyncForTenMinutes(_ skew: Double) {
        let format = AudioFormat(sampleRate: 1_000, channelCount: 1)
        var track = MicrophoneTrack(format: format, silenceTimeout: .seconds(5))
        var worst = 0.0
        var gaps = 0
        var end: MediaTime?
        for fragment in 0..<30_000 {
            let truth = Self.start + .seconds(Double(fragment) * 0.02 * (1 + skew))
            // The server's times jump about by some milliseconds.
            let jitter = Double(fragment &* 7919 % 11 - 5) / 1000
            let samples = [Int16](repeating: 100, count: 20)
            for chunk in track.samples(samples, captured: truth + .seconds(jitter), now: truth).chunks {
                if let end, chunk.captureTime != end { gaps += 1 }
                end = chunk.captureTime + chunk.duration
            }
            // 16 samples are still in the resampler.
            let present = (end ?? truth) + .milliseconds(16)
            if fragment > 3_000 { worst = max(worst, abs((present - (truth + .milliseconds(20))).inSeconds)) }
        }
        #expect(gaps == 0)
        #expect(worst < 0.010, "off by \(worst) s")
        #expect(abs(track.statistics.driftPartsPerMillion - skew * 1e6) < 20)
    }

    @Test func aSingleWildTimeChangesNothing() {
        var feeder = Feeder(jitter: { $0 == 20 ? 0.7 : 0 })
        var events: [MicrophoneEvent] = []
        for _ in 0..<60 { events += feeder.feed().events }
        #expect(events.isEmpty && feeder.track.statistics.filled == 0)
    }

    @Test func aRealGapIsFilledWithSilence() {
        var feeder = Feeder()
        var chunks: [AudioChunk] = []
        var events: [MicrophoneEvent] = []
        for index in 0..<60 {
            if index == 20 { feeder.offset = 0.5 }
            let output = feeder.feed()
            chunks += output.chunks
            events += output.events
        }
        #expect(Recorded(chunks, format: Self.format).gaps == 0)
        #expect(events == [.resynchronized(.milliseconds(500))])
        #expect(feeder.track.statistics.filled == 24_000)
    }

    @Test func anInterruptionIsFilledAndWhatOverlapsDropped() {
        var feeder = Feeder()
        var chunks: [AudioChunk] = []
        for _ in 0..<10 { chunks += feeder.feed().chunks }
        feeder.track.interrupt()
        // A second passes; the filler stays a quarter behind.
        feeder.offset = 1
        chunks += feeder.track.fill(now: feeder.time).chunks
        #expect(feeder.track.statistics.filled == 36_000)
        // The source had kept samples from half a second before: the first quarter is covered already.
        feeder.offset = 0.5
        for _ in 0..<50 { chunks += feeder.feed().chunks }
        let recorded = Recorded(chunks, format: Self.format)
        #expect(recorded.gaps == 0)
        #expect(feeder.track.statistics.skipped == 12_000)
        #expect(abs(recorded.samples.count - 48_000 * 17 / 10 + 16) <= 1)
    }

    /// A process that was stopped finds the time gone when it goes on; minutes stand for a night.
    @Test(arguments: [true, false]) func ofALongGapTheLastHalfMinuteIsSilence(_ isInterrupted: Bool) {
        var feeder = Feeder()
        var output = MicrophoneTrack.Output()
        func add(_ step: MicrophoneTrack.Output) {
            output.chunks += step.chunks
            output.events += step.events
        }
        for _ in 0..<100 { add(feeder.feed()) }
        feeder.offset = 120
        if isInterrupted {
            feeder.track.interrupt()
            add(feeder.track.fill(now: feeder.time))
            // What the filler's lag leaves is the first sample's.
            #expect(abs(feeder.track.offset(of: feeder.time) - 0.25) < 0.001)
        } else {
            for _ in 0..<10 { add(feeder.feed()) }
            #expect(abs(feeder.track.offset(of: feeder.time)) < 0.001)
        }
        let statistics = feeder.track.statistics
        #expect(statistics.filled == 30 * 48_000)
        let omitted = Double(statistics.omitted) / 48_000
        #expect((89.7...90.3).contains(omitted))
        let gaps = output.events.compactMap { event -> Double? in
            if case .resynchronized(let gap) = event { gap.inSeconds } else { nil }
        }
        #expect(gaps.count == 1 && gaps.allSatisfy { (119.7...120.3).contains($0) })
        let jumps = zip(output.chunks, output.chunks.dropFirst()).count { first, second in
            abs((second.captureTime - first.captureTime - first.duration).inSeconds) > 1e-6
        }
        #expect(jumps == 1)
    }

    @Test func aTimeThatCannotBeMakesNoTimeline() {
        var feeder = Feeder(jitter: { $0 < 3 ? 3_600 : $0 < 6 ? -3_600 : 0 })
        var chunks: [AudioChunk] = []
        for _ in 0..<20 { chunks += feeder.feed().chunks }
        let recorded = Recorded(chunks, format: Self.format)
        // The first six wait for a time that can be, and are dated back from it.
        #expect(recorded.start == Self.start && recorded.gaps == 0 && recorded.samples.count == 20 * 960 - 16)
    }

    @Test(arguments: [0.06, -0.06]) func aFirstTimeThatWasOffIsCorrectedOnce(_ error: Double) {
        var feeder = Feeder(jitter: { $0 == 0 || $0 == 70 ? error : Double($0 % 3 - 1) / 1_000 })
        var events: [MicrophoneEvent] = []
        func check(_ track: MicrophoneTrack) { #expect(abs(track.offset(of: feeder.time)) < 0.002) }
        for _ in 0..<60 { events += feeder.feed().events }
        check(feeder.track)
        // After a move, the same.
        for _ in 0..<10 { events += feeder.feed().events }
        feeder.track.interrupt()
        for _ in 0..<60 { events += feeder.feed().events }
        check(feeder.track)
        for _ in 0..<200 { events += feeder.feed().events }
        // Once at the beginning; after the move at its wrong first time, and back.
        #expect(events.count == 3, "\(events)")
    }

    @Test func zerosForLongAreSilentAndSoundIsAudible() {
        var track = Self.track()
        var events: [MicrophoneEvent] = []
        for index in 0..<300 {
            let value: Int16 = index == 280 ? 5 : 0
            let time = Self.start + .milliseconds(20 * Int64(index))
            events += track.samples([Int16](repeating: value, count: 960), captured: time, now: time).events
        }
        #expect(events == [.silent, .audible])
    }

    @Test func aResampledToneKeepsItsPitchAndHasNoClicks() {
        var resampler = Resampler(channelCount: 1)
        let input = Tone.sine(1000, count: 96_000, amplitude: 16_000)
        var output: [Int16] = []
        for begin in stride(from: 0, to: input.count, by: 960) {
            // The stretch changes from block to block, as it does in life.
            output += resampler.process(input[begin..<begin + 960], stretch: begin % 1920 == 0 ? 500e-6 : 450e-6)
        }
        #expect(abs(output.count - 96_045) < 20)
        #expect(abs(Tone.frequency(output) - 1000 / 1.000475) < 0.02)
        // The largest second difference of the sine itself is 16,000·(2π·1000/48,000)²; a click stands out of it.
        var curvature = 0
        for index in 50..<output.count - 2 {
            let (first, middle, last) = (Int(output[index]), Int(output[index + 1]), Int(output[index + 2]))
            curvature = max(curvature, abs(first - 2 * middle + last))
        }
        #expect(curvature < 290)
    }

    @Test func channelsKeepTheirPlaces() {
        var resampler = Resampler(channelCount: 2)
        let input = (0..<960).flatMap { _ in [Int16(1000), Int16(-2000)] }
        let output = resampler.process(input, stretch: 300e-6).dropFirst(64)
        #expect(output.count % 2 == 0)
        #expect(output.enumerated().allSatisfy { abs(Int($0.element) - ($0.offset % 2 == 0 ? 1000 : -2000)) <= 1 })
    }
}
