/// Turns frames and samples into segments. One encoder makes one container stream.
///
/// Calls come from one task at a time. Each returns the segments that the call completed, so that back-pressure is
/// the caller's own waiting and nothing queues out of sight.
public protocol SegmentEncoder: Sendable {
    /// Encodes a picture.
    ///
    /// - Throws: ``EncodeError``; the encoder is of no further use after it.
    func encode(_ frame: VideoFrame) async throws(EncodeError) -> [MediaSegment]

    /// Encodes a run of samples.
    ///
    /// - Throws: ``EncodeError``; the encoder is of no further use after it.
    func encode(_ chunk: AudioChunk) async throws(EncodeError) -> [MediaSegment]

    /// Says that no more video comes, so that audio need not wait for it.
    func finishVideo() async throws(EncodeError) -> [MediaSegment]

    /// Says that no more audio comes, so that video need not wait for it.
    func finishAudio() async throws(EncodeError) -> [MediaSegment]

    /// Ends the stream and gives what was held back, including a partial last segment.
    func finish() async throws(EncodeError) -> [MediaSegment]

    /// Lets everything go without giving what was held back. Harmless twice and after `finish()`.
    func cancel() async
}

/// Makes encoders: a session needs a fresh one whenever the container must start anew.
public protocol SegmentEncoderFactory: Sendable {
    /// Makes an encoder for the given tracks; nil means that the track does not exist.
    ///
    /// - Parameter epoch: The capture time that becomes 0 in the container.
    /// - Throws: ``EncodeError`` when the machine lacks a codec or the settings can't be met.
    func makeEncoder(
        video: VideoTrackDescription?, audio: AudioTrackDescription?, epoch: MediaTime
    ) async throws(EncodeError) -> any SegmentEncoder
}

/// What an encoder is told about its video input.
public struct VideoTrackDescription: Sendable, Hashable {
    /// Shape of the frames as announced; frames that differ are converted.
    public var format: VideoFormat
    /// Frames a second to expect.
    public var nominalFrameRate: Double

    /// Creates a description; `nominalFrameRate` is in frames a second.
    public init(format: VideoFormat, nominalFrameRate: Double) {
        self.format = format
        self.nominalFrameRate = nominalFrameRate
    }
}

/// What an encoder is told about its audio input.
public struct AudioTrackDescription: Sendable, Hashable {
    /// Rate and channels.
    public var format: AudioFormat

    /// Creates a description.
    public init(format: AudioFormat) {
        self.format = format
    }
}
