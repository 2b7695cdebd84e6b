/// What a running encoder is asked to change, for an uplink or a machine that is slower or faster than before.
///
/// Nil leaves a value as it is. Values outside of what the encoder can do are clamped; what is in force then stands in
/// ``SegmentEncoder/describe()``.
public struct EncoderAdjustment: Sendable, Hashable {
    /// Bits a second of video.
    public var videoBitRate: Int?
    /// Most frames a second; more are left out evenly.
    public var maximumFrameRate: Double?
    /// Widest picture in pixels; the aspect ratio is kept and nothing is enlarged.
    public var maximumWidth: Int?
    /// Highest picture in pixels.
    public var maximumHeight: Int?

    /// Creates an adjustment; see the properties for units.
    public init(
        videoBitRate: Int? = nil, maximumFrameRate: Double? = nil, maximumWidth: Int? = nil, maximumHeight: Int? = nil
    ) {
        self.videoBitRate = videoBitRate
        self.maximumFrameRate = maximumFrameRate
        self.maximumWidth = maximumWidth
        self.maximumHeight = maximumHeight
    }

    /// When an adjustment shows in what the encoder makes; of several changes the one that takes longest counts.
    public enum Effect: Sendable, Hashable, Comparable {
        /// Nothing changes: it is so already, or the encoder can't.
        case none
        /// From the next picture on.
        case nextPicture
        /// From the next segment on, in the same container stream.
        case nextSegment
        /// From the next segment on, which begins the container anew (``MediaSegment/beginsStream``).
        case nextStream
    }
}
