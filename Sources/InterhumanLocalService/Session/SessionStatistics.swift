/// What a session carried.
public struct SessionStatistics: Sendable, Hashable {
    /// Media messages received.
    public var segmentCount = 0
    /// Bytes in them.
    public var byteCount = 0
    /// Pictures decoded.
    public var videoFrameCount = 0
    /// Sample frames decoded, at the stream's own rate.
    public var audioSampleCount = 0
    /// Length of the session's media, in seconds.
    public var mediaSeconds = 0.0
    /// Messages sent to the client.
    public var messageCount = 0

    /// Creates an account of nothing.
    public init() {}
}

extension SessionStatistics: CustomStringConvertible {
    public var description: String {
        "\(segmentCount) segments with \(byteCount) bytes, \(videoFrameCount) pictures and \(audioSampleCount) "
            + "samples in \(mediaSeconds.figure(decimals: 1)) s decoded, \(messageCount) messages sent"
    }
}
