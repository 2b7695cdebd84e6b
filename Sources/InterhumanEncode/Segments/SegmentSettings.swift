public import InterhumanCore

/// What the segments of ``FFmpegSegmentEncoderFactory`` are like: VP9 and Opus in WebM.
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
    /// libvpx's speed in real time, 5 (best, about 0.8 CPU seconds a second of 720p30) to 8 (about 0.3). Nil chooses
    /// by the picture's size.
    public var videoSpeed: Int?

    /// Creates settings; see the properties for units and defaults.
    public init(
        maximumWidth: Int = 640, maximumHeight: Int = 360, maximumFrameRate: Double = 30,
        videoBitRate: Int = 1_000_000, audioBitRate: Int = 64_000, segmentDuration: Duration = .seconds(3),
        framing: SegmentFraming = .continuous, videoSpeed: Int? = nil
    ) {
        self.maximumWidth = maximumWidth
        self.maximumHeight = maximumHeight
        self.maximumFrameRate = maximumFrameRate
        self.videoBitRate = videoBitRate
        self.audioBitRate = audioBitRate
        self.segmentDuration = segmentDuration
        self.framing = framing
        self.videoSpeed = videoSpeed
    }

    /// Checks the settings.
    ///
    /// - Throws: ``EncodeError`` with `invalidSettings` that names the first setting out of its range.
    public func validate() throws(EncodeError) {
        try Self.require(
            [.continuous, .selfContained, .prefixed].contains(framing),
            "The framing \(framing.rawValue) is unknown. Use continuous, selfContained or prefixed.")
        try Self.require(
            (16...8192).contains(maximumWidth) && (16...8192).contains(maximumHeight),
            "The largest picture must be 16 to 8192 pixels wide and high, not \(maximumWidth)x\(maximumHeight).")
        try Self.require(
            (1...120).contains(maximumFrameRate),
            "The frame rate must be 1 to 120 a second, not \(maximumFrameRate).")
        try Self.require(
            (50_000...50_000_000).contains(videoBitRate),
            "The video bit rate must be 50,000 to 50,000,000 a second, not \(videoBitRate).")
        try Self.require(
            (6_000...256_000).contains(audioBitRate),
            "The audio bit rate must be 6,000 to 256,000 a second, not \(audioBitRate).")
        try Self.require(
            (.seconds(1) ... .seconds(10)).contains(segmentDuration),
            "A segment must last 1 to 10 s, not \(segmentDuration.inSeconds) s.")
        try Self.require(
            videoSpeed.map { (5...8).contains($0) } ?? true,
            "The video speed must be 5 to 8, not \(videoSpeed ?? 0).")
    }

    /// Distance of the segments' grid in milliseconds.
    var gridInterval: Int64 {
        let interval = segmentDuration.nanoseconds / 1_000_000
        return framing == .selfContained ? max(3200, interval) : interval
    }

    private static func require(_ condition: Bool, _ advice: @autoclosure () -> String) throws(EncodeError) {
        guard !condition else { return }
        throw EncodeError(.invalidSettings, operation: "check the segment settings", message: advice())
    }
}
