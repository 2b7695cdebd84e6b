public import InterhumanCore
import Synchronization

/// Makes encoders that encode nothing: they cut segments by time and note in their bytes what went in.
///
/// A segment's body has one record of 9 bytes for each frame or chunk, in order of arrival: `V` or `A`, then the
/// capture time in nanoseconds as a big-endian 64-bit number. The header is `PASSTHROUGH`.
public final class PassthroughSegmentEncoderFactory: SegmentEncoderFactory {
    /// The container header that segments carry.
    public static let header = Array("PASSTHROUGH".utf8)

    private let segmentDuration: Duration
    private let padding: Int
    private let makeError: EncodeError?
    private let encodeFailure: (inputNumber: Int, error: EncodeError)?
    private let made = Mutex<[PassthroughSegmentEncoder]>([])

    /// Creates a factory.
    ///
    /// - Parameters:
    ///   - segmentDuration: Media time after which a segment is cut; where there is video, only before a frame.
    ///   - padding: Bytes to add to each segment's body.
    ///   - makeError: What making an encoder throws, if anything.
    ///   - encodeFailure: The error that encoding the n-th input throws, counted from 1, if any.
    public init(
        segmentDuration: Duration = .seconds(3), padding: Int = 0, makeError: EncodeError? = nil,
        encodeFailure: (inputNumber: Int, error: EncodeError)? = nil
    ) {
        self.segmentDuration = segmentDuration
        self.padding = padding
        self.makeError = makeError
        self.encodeFailure = encodeFailure
    }

    /// The encoders made so far.
    public var encoders: [PassthroughSegmentEncoder] { made.withLock { $0 } }

    public func makeEncoder(
        video: VideoTrackDescription?, audio: AudioTrackDescription?, epoch: MediaTime
    ) async throws(EncodeError) -> any SegmentEncoder {
        if let makeError { throw makeError }
        let encoder = PassthroughSegmentEncoder(
            video: video, audio: audio, epoch: epoch, segmentDuration: segmentDuration, padding: padding,
            failure: encodeFailure)
        made.withLock { $0.append(encoder) }
        return encoder
    }
}
