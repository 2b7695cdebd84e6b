/// Leaves out frames evenly so that no more than a given number a second remain.
///
/// Cameras are seldom exact: up to 5 % more than the limit passes, and so does a frame that comes early by less than
/// 18 % of an interval.
struct FrameRateLimiter: Sendable {
    /// Time between frames, in milliseconds.
    private let interval: Double
    private let tolerance: Double
    private var due: Double?

    /// Creates a limiter to `frameRate` frames a second.
    init(frameRate: Double) {
        interval = 1000 / frameRate / 1.05
        tolerance = 1000 / frameRate * 0.18
    }

    /// Whether the frame at `time` (milliseconds) stays. Times increase.
    mutating func keeps(_ time: Int64) -> Bool {
        let time = Double(time)
        guard let due else {
            due = time + interval
            return true
        }
        guard time + tolerance >= due else { return false }
        self.due = max(due, time) + interval
        return true
    }
}
