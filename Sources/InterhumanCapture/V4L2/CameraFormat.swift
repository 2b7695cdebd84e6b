public import InterhumanCore

/// One pixel format of a camera with the sizes that it comes in.
public struct CameraFormat: Sendable, Hashable {
    /// V4L2's code of the format.
    public var fourCC: FourCC
    /// The driver's words for it.
    public var name: String
    /// The sizes, in the driver's order.
    public var sizes: [CameraSize]
    /// Whether libv4l2 makes it in software from what the camera gives.
    public var isEmulated: Bool

    /// Creates a description of a format.
    public init(fourCC: FourCC, name: String = "", sizes: [CameraSize], isEmulated: Bool = false) {
        self.fourCC = fourCC
        self.name = name
        self.sizes = sizes
        self.isEmulated = isEmulated
    }

    /// The layout in the terms of frames, nil where frames can't carry it.
    public var pixelFormat: PixelFormat? { fourCC.pixelFormat }
}

/// A size or a range of sizes, with the frame rates that it allows. Sizes are in pixels.
public struct CameraSize: Sendable, Hashable {
    /// Widths from smallest to largest; one width for a discrete size.
    public var widths: ClosedRange<Int>
    /// Heights from smallest to largest.
    public var heights: ClosedRange<Int>
    /// Steps of the width and height, 1 where any value goes.
    public var widthStep: Int
    /// Step of the height.
    public var heightStep: Int
    /// The frame intervals; empty where the driver doesn't say.
    public var intervals: [CameraInterval]

    /// Creates a size or a range of sizes.
    public init(
        widths: ClosedRange<Int>, heights: ClosedRange<Int>, widthStep: Int = 1, heightStep: Int = 1,
        intervals: [CameraInterval]
    ) {
        self.widths = widths
        self.heights = heights
        self.widthStep = max(1, widthStep)
        self.heightStep = max(1, heightStep)
        self.intervals = intervals
    }

    /// Creates one size.
    public init(width: Int, height: Int, intervals: [CameraInterval]) {
        self.init(widths: width...width, heights: height...height, intervals: intervals)
    }

    /// The allowed size nearest to a wanted one.
    func nearest(width: Int, height: Int) -> (width: Int, height: Int) {
        func nearest(_ wanted: Int, _ range: ClosedRange<Int>, _ step: Int) -> Int {
            let clamped = min(max(wanted, range.lowerBound), range.upperBound)
            let down = range.lowerBound + (clamped - range.lowerBound) / step * step
            return clamped - down > step / 2 && down + step <= range.upperBound ? down + step : down
        }
        return (nearest(width, widths, widthStep), nearest(height, heights, heightStep))
    }
}

/// A frame interval or a range of them.
public enum CameraInterval: Sendable, Hashable {
    /// Exactly this one.
    case discrete(FrameInterval)
    /// From the shortest to the longest in steps; drivers with continuous ranges say a step of zero.
    case stepwise(shortest: FrameInterval, longest: FrameInterval, step: FrameInterval)

    /// The allowed interval nearest to a wanted rate in frames a second.
    func nearest(to rate: Double) -> FrameInterval {
        switch self {
        case .discrete(let interval): return interval
        case .stepwise(let shortest, let longest, _):
            if rate >= shortest.framesPerSecond { return shortest }
            if rate <= longest.framesPerSecond { return longest }
            return FrameInterval(rate: rate)
        }
    }
}

/// The time between frames as V4L2's fraction of a second.
public struct FrameInterval: Sendable, Hashable {
    /// Seconds, over ``denominator``.
    public var numerator: UInt32
    /// See ``numerator``; zero stands for an unknown interval.
    public var denominator: UInt32

    /// Creates an interval of `numerator / denominator` seconds.
    public init(numerator: UInt32, denominator: UInt32) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// Creates the interval of a rate in frames a second, exact for whole rates and for those of NTSC.
    public init(rate: Double) {
        let clamped = min(max(rate.isFinite ? rate : 30, 0.001), 10_000)
        let scaled = (clamped * 1001 / 1000).rounded()
        if abs(clamped - clamped.rounded()) < 1e-6 {
            self.init(numerator: 1, denominator: UInt32(clamped.rounded()))
        } else if scaled >= 1, abs(scaled * 1000 / 1001 - clamped) < 1e-2 {
            self.init(numerator: 1001, denominator: UInt32(scaled * 1000))
        } else {
            self.init(numerator: 1000, denominator: UInt32((clamped * 1000).rounded()))
        }
    }

    /// Frames a second, 0 where unknown.
    public var framesPerSecond: Double {
        numerator == 0 ? 0 : Double(denominator) / Double(numerator)
    }

    /// The interval as a duration, nil where unknown.
    public var duration: Duration? {
        guard numerator > 0, denominator > 0 else { return nil }
        return .nanoseconds(Int64(numerator) * 1_000_000_000 / Int64(denominator))
    }
}
