public import InterhumanCore

/// Makes segment encoders on FFmpeg.
public struct FFmpegSegmentEncoderFactory: SegmentEncoderFactory {
    /// What the segments are like.
    public let settings: SegmentSettings

    /// Creates a factory. Settings are checked when an encoder is made.
    public init(settings: SegmentSettings = .init()) {
        self.settings = settings
    }

    /// Makes an encoder, on a thread of its own.
    ///
    /// - Throws: `EncodeError`: `invalidSettings`, `invalidInput` for a track description that makes no sense,
    ///   `codecUnavailable` when FFmpeg has no encoder for the container; `SegmentEncoder.describe()` says which one
    ///   was taken where it lacks the one that was asked for.
    public func makeEncoder(
        video: VideoTrackDescription?, audio: AudioTrackDescription?, epoch: MediaTime
    ) async throws(EncodeError) -> any SegmentEncoder {
        try await makeFFmpegEncoder(video: video, audio: audio, epoch: epoch)
    }

    /// As ``makeEncoder(video:audio:epoch:)``, with the type that also tells its statistics.
    public func makeFFmpegEncoder(
        video: VideoTrackDescription?, audio: AudioTrackDescription?, epoch: MediaTime
    ) async throws(EncodeError) -> FFmpegSegmentEncoder {
        try settings.validate()
        let encoder = FFmpegSegmentEncoder(epoch: epoch)
        try await encoder.open(settings: settings, video: video, audio: audio)
        return encoder
    }

    /// What this machine's FFmpeg lacks for the settings, and what is done instead, each in a sentence for people.
    ///
    /// - Throws: `EncodeError`: `invalidSettings`; `codecUnavailable` when nothing else would do.
    public func fallbacks(hasVideo: Bool, hasAudio: Bool) throws(EncodeError) -> [String] {
        try settings.validate()
        return try CodecChoice(
            settings, hasVideo: hasVideo, hasAudio: hasAudio, isAvailable: CodecContext.hasEncoder(named:)
        ).fallbacks
    }
}
