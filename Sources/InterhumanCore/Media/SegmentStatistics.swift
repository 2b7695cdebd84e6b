/// What making a segment took, and how good it became.
public struct SegmentStatistics: Sendable, Hashable {
    /// Time that the encoder's thread spent on the segment's media: conversion, encoding, muxing.
    public var encodingTime: Duration
    /// The longest that a single picture took.
    public var longestPictureTime: Duration
    /// The longest that media waited for the encoder's thread.
    public var longestWait: Duration
    /// Bits a second of video in the segment.
    public var videoBitRate: Double
    /// Bits a second of audio in the segment.
    public var audioBitRate: Double
    /// Bits a second of video that rate control aimed at when the segment was cut; 0 without video.
    public var targetVideoBitRate: Int
    /// Width of the pictures in pixels; 0 without video.
    public var width: Int
    /// Height of the pictures in pixels; 0 without video.
    public var height: Int
    /// Peak signal-to-noise ratio of luminance against what went into the codec, in dB, over all pictures of the
    /// segment; nil where the codec does not measure it.
    public var peakSignalToNoiseRatio: Double?

    /// Creates statistics; see the properties for units.
    public init(
        encodingTime: Duration = .zero, longestPictureTime: Duration = .zero, longestWait: Duration = .zero,
        videoBitRate: Double = 0, audioBitRate: Double = 0, targetVideoBitRate: Int = 0, width: Int = 0,
        height: Int = 0, peakSignalToNoiseRatio: Double? = nil
    ) {
        self.encodingTime = encodingTime
        self.longestPictureTime = longestPictureTime
        self.longestWait = longestWait
        self.videoBitRate = videoBitRate
        self.audioBitRate = audioBitRate
        self.targetVideoBitRate = targetVideoBitRate
        self.width = width
        self.height = height
        self.peakSignalToNoiseRatio = peakSignalToNoiseRatio
    }
}
