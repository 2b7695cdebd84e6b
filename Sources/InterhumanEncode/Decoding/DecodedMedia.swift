public import InterhumanCore

/// What a ``MediaStreamDecoder`` found in the bytes.
public enum DecodedMedia: Sendable {
    /// A container's header was read. Comes again after a restart.
    case streamStarted(StreamInformation)
    /// A picture. Its capture time is the container's time, counted from `MediaTime.zero`.
    case video(VideoFrame, isKeyframe: Bool)
    /// Samples, as 32-bit float with the file's rate and channels. Times as for pictures.
    case audio(AudioChunk)
    /// The stream ended, or another container's header begins.
    case streamEnded
}
