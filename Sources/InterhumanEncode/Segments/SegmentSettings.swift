public import InterhumanCore

/// What the segments of ``FFmpegSegmentEncoderFactory`` are like.
public struct SegmentSettings: Sendable, Hashable {
    /// Widest picture in pixels. The source's aspect ratio is kept and nothing is enlarged. Default 640.
    public var maximumWidth: Int
    /// Highest picture in pixels. Default 360.
    public var maximumHeight: Int
    /// Most frames a second; more are left out evenly and counted. Default 30.
    public var maximumFrameRate: Double
    /// Bits a second of video, held constant over about a second. Default 1,000,000.
    public var videoBitRate: Int
    /// Bits a second of audio. Default 64,000.
    public var audioBitRate: Int
    /// Length of a segment, 1 to 10 s. Default 3 s.
    public var segmentDuration: Duration
    /// How segments become messages.
    public var framing: SegmentFraming
    /// What the tracks are wrapped in. Default WebM.
    public var container: SegmentContainer
    /// Codec for pictures; nil for the container's usual one.
    public var videoCodec: VideoCodec?
    /// Codec for sound; nil for the container's usual one.
    public var audioCodec: AudioCodec?
    /// How much CPU to spend on pictures.
    public var videoPreset: VideoPreset
    /// Further options for the video encoder by FFmpeg's names, which outrank the preset's.
    public var videoOptions: [String: String]
    /// How pictures are turned before they are encoded.
    public var orientation: PictureOrientation
    /// What the service says of segments, as far as it is known before they are made.
    public var limits: SegmentLimits
    /// Whether segments tell their peak signal-to-noise ratio where the codec can measure it, at 1 % or so of its CPU.
    public var measuresQuality: Bool

    /// Creates settings; see the properties for units and defaults.
    public init(
        maximumWidth: Int = 640, maximumHeight: Int = 360, maximumFrameRate: Double = 30,
        videoBitRate: Int = 1_000_000, audioBitRate: Int = 64_000, segmentDuration: Duration = .seconds(3),
        framing: SegmentFraming = .continuous, container: SegmentContainer = .webM, videoCodec: VideoCodec? = nil,
        audioCodec: AudioCodec? = nil, videoPreset: VideoPreset = .balanced, videoOptions: [String: String] = [:],
        orientation: PictureOrientation = .upright, limits: SegmentLimits = SegmentLimits(),
        measuresQuality: Bool = true
    ) {
        self.maximumWidth = maximumWidth
        self.maximumHeight = maximumHeight
        self.maximumFrameRate = maximumFrameRate
        self.videoBitRate = videoBitRate
        self.audioBitRate = audioBitRate
        self.segmentDuration = segmentDuration
        self.framing = framing
        self.container = container
        self.videoCodec = videoCodec
        self.audioCodec = audioCodec
        self.videoPreset = videoPreset
        self.videoOptions = videoOptions
        self.orientation = orientation
        self.limits = limits
        self.measuresQuality = measuresQuality
    }
}
