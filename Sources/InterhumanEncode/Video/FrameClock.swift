import InterhumanCore

/// Gives pictures their times on the container's timeline, and says which are not wanted.
struct FrameClock {
    /// What becomes of a picture.
    enum Verdict: Equatable {
        /// It is encoded, at so many milliseconds.
        case wanted(Int64)
        case aboveRate
        case outOfOrder
        case beforeEpoch
        case tooLate
    }

    private let epoch: MediaTime
    private var limiter: FrameRateLimiter
    private(set) var lastTime: Int64?
    private var lastDuration: Int64

    /// Creates a clock whose zero is `epoch`.
    ///
    /// - Parameters:
    ///   - maximumFrameRate: Most pictures a second.
    ///   - frameRate: Pictures a second to expect.
    init(epoch: MediaTime, maximumFrameRate: Double, frameRate: Double) {
        self.epoch = epoch
        limiter = FrameRateLimiter(frameRate: maximumFrameRate)
        lastDuration = Int64((1000 / frameRate).rounded())
    }

    /// Changes the most pictures a second.
    mutating func limit(to maximumFrameRate: Double) {
        limiter = FrameRateLimiter(frameRate: maximumFrameRate)
    }

    /// Judges a picture taken at `captureTime`; `earliest` is in milliseconds.
    mutating func judge(_ captureTime: MediaTime, earliest: Int64) -> Verdict {
        let time = milliseconds(captureTime)
        guard time >= 0 else { return .beforeEpoch }
        if let lastTime, time <= lastTime { return .outOfOrder }
        guard time >= earliest else { return .tooLate }
        guard limiter.keeps(time) else { return .aboveRate }
        return .wanted(time)
    }

    /// Says that a picture is encoded.
    mutating func advance(to time: Int64) {
        if let lastTime { lastDuration = time - lastTime }
        lastTime = time
    }

    /// When the last picture ends, in milliseconds; its duration is that of the one before.
    var end: Int64 { lastTime.map { $0 + lastDuration } ?? 0 }

    /// How long the next picture is likely to last, in milliseconds.
    var expectedDuration: Int64 { lastDuration }

    /// Containers count pictures in milliseconds.
    private func milliseconds(_ time: MediaTime) -> Int64 {
        let nanoseconds = (time - epoch).nanoseconds
        return Int64((Double(nanoseconds) / 1e6).rounded())
    }
}
