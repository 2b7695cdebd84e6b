/// The readings of the recent past, enough for one window, and the arithmetic from readings to features.
struct FeatureHistory {
    /// Seconds without voice that make a pause.
    static let shortestPause = 0.3
    /// Readings with a pitch that it takes to speak of one: 0.2 s of voice.
    private static let fewestPitches = 5

    private var video: [VideoReading] = []
    private var audio: [AudioReading] = []
    private let videoCapacity: Int
    private let audioCapacity: Int

    /// Keeps `seconds` of readings, of each kind at most as many as fit into them.
    init(seconds: Double) {
        videoCapacity = Int(seconds / VideoMeter.interval) + 1
        audioCapacity = Int(seconds / AudioMeter.interval) + 1
    }

    /// Number of readings kept.
    var readingCount: Int { video.count + audio.count }

    mutating func append(_ reading: VideoReading) {
        video.append(reading)
        // Trimmed in bulk, so that each reading is moved once or twice, not at every append.
        if video.count > 2 * videoCapacity { video.removeFirst(video.count - videoCapacity) }
    }

    mutating func append(_ reading: AudioReading) {
        audio.append(reading)
        if audio.count > 2 * audioCapacity { audio.removeFirst(audio.count - audioCapacity) }
    }

    /// The features of the readings that begin in `start..<end` (session seconds).
    func features(from start: Double, to end: Double) -> WindowFeatures {
        WindowFeatures(
            start: start, end: end,
            video: Self.features(of: video.filter { $0.time >= start && $0.time < end }),
            audio: Self.features(of: audio.filter { $0.time >= start && $0.time < end }))
    }

    private static func features(of readings: [VideoReading]) -> WindowFeatures.Video? {
        guard !readings.isEmpty else { return nil }
        let motions = readings.compactMap(\.motion)
        return WindowFeatures.Video(
            motion: motions.isEmpty ? 0 : mean(motions), brightness: mean(readings.map(\.brightness)))
    }

    private static func features(of readings: [AudioReading]) -> WindowFeatures.Audio? {
        guard !readings.isEmpty else { return nil }
        let pauses = pauses(in: readings)
        let pitches = readings.compactMap(\.pitch).sorted()
        var audio = WindowFeatures.Audio(
            loudness: Decibels.level(meanSquare: mean(readings.map(\.meanSquare))),
            voiceActivity: Double(readings.count { $0.isVoice }) / Double(readings.count),
            pauseCount: pauses.count, longestPause: pauses.longest)
        guard pitches.count >= fewestPitches else { return audio }
        let median = pitches[pitches.count / 2]
        let squares = pitches.map { Decibels.semitones($0, above: median) }.map { $0 * $0 }
        audio.pitch = median
        audio.pitchVariation = mean(squares).squareRoot()
        return audio
    }

    /// How many stretches without voice follow voice and last long enough, and how long the longest of all is.
    private static func pauses(in readings: [AudioReading]) -> (count: Int, longest: Double) {
        var count = 0
        var longest = 0
        var run = 0
        var voiceWasHeard = false
        let least = Int((shortestPause / AudioMeter.interval).rounded())
        for reading in readings {
            guard !reading.isVoice else {
                voiceWasHeard = true
                run = 0
                continue
            }
            run += 1
            longest = max(longest, run)
            if run == least, voiceWasHeard { count += 1 }
        }
        return (count, Double(longest) * AudioMeter.interval)
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(values.count)
    }
}
