/// What an encoder did and left out, since its start.
public struct EncoderStatistics: Sendable, Hashable {
    /// Video frames handed in.
    public var videoFramesReceived = 0
    /// Video frames encoded.
    public var videoFramesEncoded = 0
    /// Frames left out because the source gives more than the highest frame rate.
    public var videoFramesAboveRate = 0
    /// Frames left out because their time, in whole milliseconds, is not after the frame before.
    public var videoFramesOutOfOrder = 0
    /// Frames left out because they are from before the stream's epoch.
    public var videoFramesBeforeEpoch = 0
    /// Frames left out because they are more than 20 s older than audio that was written.
    public var videoFramesTooLate = 0
    /// JPEG pictures left out because their bytes are broken or incomplete.
    public var videoFramesBroken = 0
    /// Times that the last picture was encoded again, to give the last segment its least length or a keyframe.
    public var videoFramesRepeated = 0
    /// Keyframes encoded.
    public var keyframes = 0
    /// Audio sample frames encoded, at the encoder's rate; includes silence.
    public var audioSamplesEncoded = 0
    /// Silent sample frames put in where the source gave none, at the encoder's rate.
    public var audioSamplesSilent = 0
    /// Sample frames left out because their time was filled already or is before the epoch, at the encoder's rate.
    public var audioSamplesDropped = 0
    /// Segments given out.
    public var segments = 0
    /// Bytes given out, without headers.
    public var bytes = 0

    /// Creates statistics of nothing.
    public init() {}
}
