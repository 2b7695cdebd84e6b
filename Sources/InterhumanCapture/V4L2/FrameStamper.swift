import CInterhumanV4L2
import InterhumanCore

/// Decides when a frame was taken, from the buffer's flags, its time stamp and the time of its arrival.
///
/// | flags | time |
/// | --- | --- |
/// | monotonic, start of exposure | the stamp |
/// | monotonic, end of frame | the stamp less one frame interval, so that both kinds mean the exposure |
/// | copied or unknown | the arrival: the stamp may be the wall clock's or a writer's |
///
/// Stamps that lie well in the future, far in the past, or not after the frame before are replaced by the arrival,
/// which always increases.
struct FrameStamper {
    /// What came out.
    struct Stamp: Equatable {
        var time: MediaTime
        /// Whether a stamp that should have been good was replaced.
        var isRestamped: Bool
    }

    /// The granted frame interval; only subtracted, never counted.
    var interval: Duration?
    private var last: MediaTime?

    /// A stamp older than this is no capture time but a driver's mistake.
    private static let oldest: Duration = .seconds(10)
    /// Drivers that stamp on an ideal grid are ahead of the present by the scheduler's delay (vivid: 4 ms).
    private static let mostAhead: Duration = .milliseconds(20)
    /// Longest interval that is subtracted: long exposures still begin within this.
    private static let longestInterval: Duration = .milliseconds(100)

    init(interval: Duration?) {
        self.interval = interval
    }

    /// The capture time of a frame whose buffer carries `flags` and `stamp` and arrived at `arrival`.
    mutating func stamp(flags: UInt32, stamp: MediaTime, arrival: MediaTime) -> Stamp {
        let result = candidate(flags: flags, stamp: stamp, arrival: arrival)
        last = result.time
        return result
    }

    private func candidate(flags: UInt32, stamp: MediaTime, arrival: MediaTime) -> Stamp {
        guard flags & UInt32(V4L2_BUF_FLAG_TIMESTAMP_MASK) == UInt32(V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC) else {
            return Stamp(time: increasing(arrival), isRestamped: false)
        }
        var time = stamp
        if flags & UInt32(V4L2_BUF_FLAG_TSTAMP_SRC_MASK) != UInt32(V4L2_BUF_FLAG_TSTAMP_SRC_SOE), let interval {
            time = time - min(interval, Self.longestInterval)
        }
        guard time - arrival <= Self.mostAhead, arrival - time <= Self.oldest else {
            return Stamp(time: increasing(arrival), isRestamped: true)
        }
        time = min(time, arrival)
        if let last, time <= last { return Stamp(time: increasing(arrival), isRestamped: true) }
        return Stamp(time: time, isRestamped: false)
    }

    /// The arrival, or the next nanosecond where two frames arrive within one tick of the clock.
    private func increasing(_ arrival: MediaTime) -> MediaTime {
        guard let last, arrival <= last else { return arrival }
        return last + .nanoseconds(1)
    }
}
