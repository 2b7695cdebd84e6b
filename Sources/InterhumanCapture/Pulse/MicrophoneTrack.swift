import InterhumanCore

/// Makes one track without holes of what a recording gives: counts samples on the machine's clock, stretches them
/// against drift, fills gaps with silence and drops what overlaps. Pure: time comes in, chunks and events go out.
struct MicrophoneTrack {
    /// Chunks and events of one step.
    struct Output {
        var chunks: [AudioChunk] = []
        var events: [MicrophoneEvent] = []
    }

    /// A step of the timeline beyond this is a gap, not a clock's inaccuracy; below it only stretching helps.
    private static let hardResync = 0.2
    /// After an interruption the track is realigned when it is off by more than this.
    private static let softResync = 0.04
    /// A server's first time after a start, a move or a suspension may be off. So many are looked at, over so many
    /// seconds, before the timeline is taken for settled; it is corrected once when their median is off by more.
    private static let settling = (count: 25, time: 1.0, tolerance: 0.005)
    /// Times in a row that must say so before the timeline is cut: one alone is a jump of the server's numbers.
    private static let resyncVotes = 5
    /// A time further ahead of the present, or longer ago, is none that samples can have that come now, in seconds.
    private static let plausible = (ahead: 0.1, ago: 10.0)
    /// Sound that is kept back while its time is unknown, in seconds.
    private static let longestUnknown = 0.5
    /// How long the stretching takes to remove an offset, in seconds.
    private static let correctionTime = 20.0
    /// Largest share of stretching: 0.3 %, inaudible.
    private static let largestStretch = 0.003
    /// The filler stays so far behind the present, in seconds: real samples come late.
    private static let fillerLag = 0.25
    /// Most silence that is made at once, in seconds. A process that was stopped for hours would make gigabytes, of which
    /// the queue keeps less than a minute.
    private static let longestSilence = 30.0

    private let format: AudioFormat
    private let rate: Double
    private var resampler: Resampler
    private var estimator = DriftEstimator()
    private var meter: LevelMeter
    /// When output sample 0 was taken.
    private var anchor: MediaTime?
    private var emittedFrames: Int64 = 0
    /// What the count of input frames says: frames since `inputAnchor`.
    private var inputAnchor: MediaTime?
    private var inputFrames: Int64 = 0
    private var stretch = 0.0
    private var votes = 0
    private var framesToSkip = 0
    /// Offsets of the window in progress.
    private var offsets: [Double] = []
    private var isInterrupted = false
    /// The first offsets after a beginning, and when that was; nil when the timeline has settled.
    private var firstOffsets: (since: MediaTime?, values: [Double])? = (nil, [])
    private var unknown: [Int16] = []
    private(set) var statistics = MicrophoneStatistics()

    init(format: AudioFormat, silenceTimeout: Duration) {
        self.format = format
        rate = Double(max(1, format.sampleRate))
        resampler = Resampler(channelCount: format.channelCount)
        meter = LevelMeter(silenceTimeout: silenceTimeout)
    }

    private var channels: Int { max(1, format.channelCount) }

    /// The time of the next sample that goes in, as the output's timeline sees it; nil before the first.
    private var end: MediaTime? {
        anchor.map { $0 + .seconds((Double(emittedFrames) + resampler.pendingFrames) / rate) }
    }

    /// By how much the next sample's time exceeds the timeline's, in seconds.
    func offset(of time: MediaTime) -> Double {
        end.map { (time - $0).inSeconds } ?? 0
    }

    // MARK: What comes in

    /// Samples, with the first one's time where it is known, at the present instant `now`.
    mutating func samples(
        _ samples: some RandomAccessCollection<Int16>, captured: MediaTime?, now: MediaTime
    ) -> Output {
        var output = Output()
        let captured = captured.flatMap { isPlausible($0, now) ? $0 : nil }
        guard let time = captured ?? guess(samples.count, now) else {
            unknown += samples
            return output
        }
        if anchor == nil { begin(at: time - .seconds(Double(unknown.count / channels) / rate), &output) }
        if captured != nil, framesToSkip == 0 { align(to: time, now, &output) }
        let skipped = min(samples.count / channels, framesToSkip)
        framesToSkip -= skipped
        let kept = samples.dropFirst(skipped * channels)
        statistics.skipped += UInt64((samples.count - kept.count) / channels)
        inputFrames += Int64(samples.count / channels)
        feed(kept, &output)
        return output
    }

    private func isPlausible(_ time: MediaTime, _ now: MediaTime) -> Bool {
        let age = (now - time).inSeconds
        return age > -Self.plausible.ahead && age < Self.plausible.ago
    }

    /// A hole of `sampleCount` samples in the server's buffer: as much silence.
    mutating func hole(sampleCount: Int, captured: MediaTime?, now: MediaTime) -> Output {
        statistics.filled += UInt64(sampleCount / channels)
        return samples(repeatElement(0, count: sampleCount), captured: captured, now: now)
    }

    mutating func overflowed() -> Output {
        statistics.overflows += 1
        return Output(events: [.overflowed])
    }

    /// Samples stop coming, or come from elsewhere: the next ones' time decides afresh.
    mutating func interrupt() {
        isInterrupted = true
        votes = 0
        estimator.forgetPhases()
        inputAnchor = nil
        framesToSkip = 0
        offsets = []
        firstOffsets = (nil, [])
    }

    /// Fills the track with silence up to a little before `now` while an interruption lasts.
    mutating func fill(now: MediaTime) -> Output {
        var output = Output()
        guard isInterrupted else { return output }
        // A source that is suspended from the start has no first sample; the track begins with silence then.
        if anchor == nil { begin(at: now - .seconds(Self.fillerLag), &output) }
        guard let end else { return output }
        let missing = Int((((now - end).inSeconds - Self.fillerLag) * rate).rounded())
        guard missing > 0 else { return output }
        let omitted = statistics.omitted
        silence(missing, &output)
        if statistics.omitted > omitted {
            output.events.append(.resynchronized(.seconds(Double(missing) / rate)))
        }
        return output
    }

    // MARK: Timeline

    private mutating func begin(at time: MediaTime, _ output: inout Output) {
        anchor = time
        let early = unknown
        unknown = []
        if !early.isEmpty { feed(early, &output) }
    }

    /// While the server has no timing yet: nil to wait for it, or the arrival when that takes too long.
    private func guess(_ count: Int, _ now: MediaTime) -> MediaTime? {
        if let end { return end }
        guard Double((unknown.count + count) / channels) / rate >= Self.longestUnknown else { return nil }
        return now - .seconds(Double(count / channels) / rate)
    }

    /// Compares the samples' time with the timeline and the count.
    private mutating func align(to time: MediaTime, _ now: MediaTime, _ output: inout Output) {
        guard end != nil else { return }
        let offset = offset(of: time)
        let limit = isInterrupted ? Self.softResync : Self.hardResync
        if abs(offset) > limit {
            votes += 1
            if isInterrupted || votes >= Self.resyncVotes { resync(offset, &output) }
            return
        }
        votes = 0
        isInterrupted = false
        if !settles(offset, now, &output) { track(time, offset) }
    }

    /// Corrects the timeline when its first times say that its very first was off. True when it did.
    private mutating func settles(_ offset: Double, _ now: MediaTime, _ output: inout Output) -> Bool {
        guard var first = firstOffsets else { return false }
        first.values.append(offset)
        let since = first.since ?? now
        first.since = since
        let isEnough =
            first.values.count >= Self.settling.count && (now - since).inSeconds >= Self.settling.time
        firstOffsets = isEnough ? nil : first
        let median = first.values.sorted()[first.values.count / 2]
        guard isEnough, abs(median) > Self.settling.tolerance else { return false }
        resync(median, &output)
        firstOffsets = nil
        return true
    }

    /// Puts silence into a gap, or has the samples skipped that the timeline has gone past.
    private mutating func resync(_ offset: Double, _ output: inout Output) {
        let frames = Int((abs(offset) * rate).rounded())
        interrupt()
        isInterrupted = false
        output.events.append(.resynchronized(.seconds(offset)))
        if offset < 0 {
            framesToSkip = frames
        } else {
            silence(frames, &output)
        }
    }

    /// Learns the drift from the times, and sets the stretch that holds the timeline to the machine's clock.
    private mutating func track(_ time: MediaTime, _ offset: Double) {
        guard let inputAnchor else {
            inputAnchor = time
            inputFrames = 0
            return
        }
        let elapsed = (time - inputAnchor).inSeconds
        let phase = elapsed - Double(inputFrames) / rate
        offsets.append(offset)
        guard estimator.add(phase: phase, at: elapsed) else { return }
        offsets.sort()
        let median = offsets[offsets.count / 2]
        offsets.removeAll(keepingCapacity: true)
        statistics.offset = median
        statistics.driftPartsPerMillion = (estimator.drift ?? 0) * 1e6
        let wanted = (estimator.drift ?? 0) + median / Self.correctionTime
        stretch = min(max(wanted, -Self.largestStretch), Self.largestStretch)
    }

    private mutating func silence(_ frames: Int, _ output: inout Output) {
        var left = min(frames, Int(Self.longestSilence * rate))
        if left < frames {
            anchor = anchor.map { $0 + .nanoseconds(nanoseconds(of: Int64(frames - left))) }
            statistics.omitted += UInt64(frames - left)
        }
        statistics.filled += UInt64(left)
        // In pieces, so that a long gap is no huge chunk.
        while left > 0 {
            let piece = min(left, Int(rate / 10))
            feed(repeatElement(0, count: piece * channels), &output)
            left -= piece
        }
    }

    private mutating func feed(_ samples: some Collection<Int16>, _ output: inout Output) {
        guard let anchor else { return }
        let made = resampler.process(samples, stretch: stretch)
        guard !made.isEmpty else { return }
        let frames = made.count / channels
        let time = anchor + .nanoseconds(nanoseconds(of: emittedFrames))
        emittedFrames += Int64(frames)
        statistics.delivered += UInt64(frames)
        if let event = meter.add(made, seconds: Double(frames) / rate) { output.events.append(event) }
        statistics.level = meter.level
        output.chunks.append(AudioChunk(format: format, captureTime: time, samples: .int16(made)))
    }

    /// Exact for years: whole seconds apart from the rest.
    private func nanoseconds(of frames: Int64) -> Int64 {
        let (seconds, rest) = frames.quotientAndRemainder(dividingBy: Int64(max(1, format.sampleRate)))
        return seconds * 1_000_000_000 + rest * 1_000_000_000 / Int64(max(1, format.sampleRate))
    }
}
