import InterhumanCore

/// How a session makes do with an uplink that is slower than its media: it lowers the bit rate, then the frame rate, then
/// the size, and climbs back when there is room.
public struct AdaptationPolicy: Sendable, Hashable {
    /// Whether it does. Default true; encoders that can't change ignore it.
    public var isEnabled = true
    /// The steps, from what was asked for to the least.
    public var levels: [AdaptationLevel] = [
        AdaptationLevel(), AdaptationLevel(bitRate: 0.7), AdaptationLevel(bitRate: 0.5), AdaptationLevel(bitRate: 0.35),
        AdaptationLevel(bitRate: 0.25, frameRate: 0.66), AdaptationLevel(bitRate: 0.18, frameRate: 0.5),
        AdaptationLevel(bitRate: 0.12, frameRate: 0.5, size: 0.66),
        AdaptationLevel(bitRate: 0.08, frameRate: 0.4, size: 0.5),
    ]
    /// The queue is too old from here on: step down. Default 6 s, two segments.
    public var steppingDownAge: Duration = .seconds(6)
    /// The queue is short up to here: there may be room to climb. Default 3.5 s: a segment is being sent.
    public var climbingAge: Duration = .seconds(3.5)
    /// How long a step is given to show before the next one down. Default 6 s.
    public var settlingTime: Duration = .seconds(6)
    /// How long the queue must have been short before a step up. For a step that failed it doubles each time, and halves
    /// with each step up that lasts. Default 15 s.
    public var shortestClimbingTime: Duration = .seconds(15)
    /// Most of that. Default 5 min.
    public var longestClimbingTime: Duration = .seconds(300)

    /// Creates the default policy.
    public init() {}
}

/// One step of an ``AdaptationPolicy``, in shares of what was asked for: from above 0 to 1.
public struct AdaptationLevel: Sendable, Hashable {
    /// Share of the video bit rate.
    public var bitRate: Double
    /// Share of the frame rate.
    public var frameRate: Double
    /// Share of the picture's width and height.
    public var size: Double

    /// Creates a step.
    public init(bitRate: Double = 1, frameRate: Double = 1, size: Double = 1) {
        self.bitRate = bitRate
        self.frameRate = frameRate
        self.size = size
    }

    /// What to ask of an encoder that makes `full` when nothing is lowered.
    func adjustment(of full: EncoderDescription.Video) -> EncoderAdjustment {
        EncoderAdjustment(
            videoBitRate: Int((Double(full.bitRate) * bitRate).rounded()),
            maximumFrameRate: full.maximumFrameRate * frameRate,
            maximumWidth: Int((Double(full.width) * size).rounded()),
            maximumHeight: Int((Double(full.height) * size).rounded()))
    }
}
