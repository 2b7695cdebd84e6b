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
    /// The same, in nanoseconds, so that a steady rate does not drift with the rounding.
    private var lastExact: (time: Int64, duration: Int64)?
    private var isSteady = false

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

    /// Says that the picture taken at `captureTime` is encoded, at `time` milliseconds; nil for one that is made up.
    mutating func advance(to time: Int64, captureTime: MediaTime?) {
        if let lastTime { lastDuration = time - lastTime }
        lastTime = time
        let exact = captureTime.map { ($0 - epoch).nanoseconds } ?? time * 1_000_000
        let duration = lastExact.map { exact - $0.time } ?? 0
        // A quarter is more than a camera's jitter and less than a picture left out.
        isSteady = lastExact.map { $0.duration > 0 && abs(duration - $0.duration) <= $0.duration / 4 } ?? false
        lastExact = (exact, duration)
    }

    /// When the next picture is expected, in milliseconds; nil while pictures don't come at a steady rate.
    var expectedNext: Int64? {
        guard isSteady, let lastExact else { return nil }
        let (next, isBeyondTime) = lastExact.time.addingReportingOverflow(lastExact.duration + 500_000)
        return isBeyondTime ? nil : next / 1_000_000
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
