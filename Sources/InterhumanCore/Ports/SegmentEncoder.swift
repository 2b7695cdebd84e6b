/// Turns frames and samples into segments. One encoder makes one container stream, begun anew only when its shape changes.
///
/// Calls with media come from one task at a time; those that control may come from any. Each returns the segments that
/// the call completed, so that back-pressure is the caller's own waiting and nothing queues out of sight.
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

    /// Makes the next picture a keyframe, which begins a segment unless the one before would be shorter than the least
    /// that the framing or the limits allow.
    func requestKeyframe() async

    /// Changes bit rate, frame rate or size while running; says when it shows.
    ///
    /// With ``requestKeyframe()`` after it, the next segment is the next picture. What can't be met is clamped, and a
    /// codec that can't change takes effect with a fresh one: nothing handed in is lost.
    ///
    /// - Throws: ``EncodeError``; the encoder is of no further use after it.
    func adjust(_ adjustment: EncoderAdjustment) async throws(EncodeError) -> EncoderAdjustment.Effect

    /// Keeps segments within what the service says, from now on; the segment in progress is cut early for it.
    func respect(_ limits: SegmentLimits) async

    /// What the encoder makes at the moment, and what it does without.
    func describe() async -> EncoderDescription
}

/// An encoder need not change while running.
extension SegmentEncoder {
    public func requestKeyframe() async {}

    public func adjust(_ adjustment: EncoderAdjustment) async throws(EncodeError) -> EncoderAdjustment.Effect { .none }

    public func respect(_ limits: SegmentLimits) async {}

    public func describe() async -> EncoderDescription { EncoderDescription() }
}

/// Makes encoders: a session needs a fresh one whenever the container must start anew.
public protocol SegmentEncoderFactory: Sendable {
    /// Makes an encoder for the given tracks.
    ///
    /// - Parameters:
    ///   - video: The pictures; nil for none.
    ///   - audio: The sound; nil for none.
    ///   - epoch: The capture time that becomes 0 in the container.
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
    /// Whether pictures come when they come: a segment is then better ready one picture earlier than exact in its sound.
    public var isLive: Bool

    /// Creates a description; `nominalFrameRate` is in frames a second.
    public init(format: VideoFormat, nominalFrameRate: Double, isLive: Bool = false) {
        self.format = format
        self.nominalFrameRate = nominalFrameRate
        self.isLive = isLive
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
