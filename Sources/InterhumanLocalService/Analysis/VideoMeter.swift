import InterhumanCore

/// What one look at the picture gave.
struct VideoReading: Equatable {
    /// Session time, in seconds.
    var time: Double
    /// Mean luminance, 0 to 255.
    var brightness: Double
    /// Mean absolute luminance difference to the reading before, in levels of 255; nil where there is none before.
    var motion: Double?
}

/// Turns pictures into readings, ten a second whatever the frame rate, so that motion means the same at 15 and at
/// 60 frames a second.
struct VideoMeter {
    /// Seconds between readings.
    static let interval = 0.1

    private var previous: LuminanceGrid?
    private var previousTime = -Double.infinity

    /// Measures a picture shown at `time` (session seconds); nil when it comes too early after the last reading, or
    /// can't be measured.
    mutating func measure(_ frame: VideoFrame, at time: Double) -> VideoReading? {
        // Half a millisecond of slack: container times are rounded to milliseconds.
        guard time - previousTime >= Self.interval - 0.0005, let grid = LuminanceGrid(frame) else { return nil }
        // After a hole the difference would say nothing about motion.
        let isFollowing = time - previousTime < 1
        defer {
            previous = grid
            previousTime = time
        }
        return VideoReading(
            time: time, brightness: grid.brightness,
            motion: isFollowing ? previous.map { grid.difference(from: $0) } : nil)
    }

    /// Forgets the last picture: the next one has nothing to be compared with.
    mutating func reset() {
        previous = nil
        previousTime = -.infinity
    }
}
