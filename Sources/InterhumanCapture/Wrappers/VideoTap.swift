public import InterhumanCore
import Synchronization

/// A second reader of a source's pictures: a preview, stills, an analysis of one's own.
///
/// ```swift
/// let tap = VideoTap(CameraSource())
/// let session = StreamSession.live(configuration: configuration, video: tap, audio: MicrophoneSource())
/// Task { for await frame in tap.preview { show(frame) } }
/// ```
///
/// Both readers get the same memory: no pixel is copied. The main reader never waits for the other one, which gets the
/// newest picture that the main reader was given; what it is too slow for is dropped and counted. A camera's buffers
/// are lent to it sparingly: never more than ``init(_:limit:)`` says, and none that the driver needs.
public final class VideoTap: VideoSource {
    private let base: any VideoSource
    private let limit: Int
    private let lending = Lending()
    private let waiting = NewestQueue<VideoFrame, Never>(capacity: 1)

    /// Creates a tap; give it to the session in the place of `base`.
    ///
    /// - Parameters:
    ///   - base: where pictures come from.
    ///   - limit: how many the second reader may have at once, the one that waits for it included; at least 1.
    public init(_ base: any VideoSource, limit: Int = 2) {
        self.base = base
        self.limit = max(1, limit)
    }

    deinit {
        waiting.finish(discarding: true)
    }

    /// The pictures for the second reader, from the moment that this is asked for. One consumer.
    public var preview: MediaSequence<VideoFrame, Never> {
        lending.hasReader.store(true, ordering: .relaxed)
        return MediaSequence { [waiting] () async throws(Never) in await waiting.next() }
    }

    /// The counters so far.
    public var statistics: VideoTapStatistics {
        VideoTapStatistics(
            offered: lending.offered.load(ordering: .relaxed),
            dropped: lending.dropped.load(ordering: .relaxed) + waiting.droppedCount,
            lent: lending.lent.load(ordering: .relaxed))
    }

    public func start() async throws(CaptureError) -> VideoStream {
        var stream: VideoStream
        do throws(CaptureError) {
            stream = try await base.start()
        } catch {
            waiting.finish()
            throw error
        }
        let frames = stream.frames
        stream.frames = MediaSequence { [limit, lending, waiting] () async throws(CaptureError) -> VideoFrame? in
            var iterator = frames.makeAsyncIterator()
            do throws(CaptureError) {
                guard let frame = try await iterator.next() else {
                    // A cancelled read is no end: the next one may go on.
                    if !Task.isCancelled { waiting.finish() }
                    return nil
                }
                Self.offer(frame, limit, lending, waiting)
                return frame
            } catch {
                waiting.finish()
                throw error
            }
        }
        return stream
    }

    public func stop() async {
        waiting.finish(discarding: true)
        await base.stop()
    }

    private static func offer(
        _ frame: VideoFrame, _ limit: Int, _ lending: Lending, _ waiting: NewestQueue<VideoFrame, Never>
    ) {
        guard lending.hasReader.load(ordering: .relaxed) else { return }
        lending.offered.add(1, ordering: .relaxed)
        let isScarce = (frame.storage as? any ScarceStorage)?.isScarce ?? false
        if isScarce || lending.lent.load(ordering: .acquiring) >= limit {
            // Only the picture that nobody looked at yet can be taken back.
            let tookBack = waiting.evictOldest()
            guard tookBack, !isScarce else {
                lending.dropped.add(1, ordering: .relaxed)
                return
            }
        }
        var lent = frame
        lent.storage = TappedStorage(frame.storage, lending)
        waiting.push(lent)
    }

    /// What is out, and what was done. Shared with the frames, which outlive the tap.
    fileprivate final class Lending: Sendable {
        let hasReader = Atomic(false)
        let lent = Atomic<Int>(0)
        let offered = Atomic<UInt64>(0)
        let dropped = Atomic<UInt64>(0)
    }

    /// The same pixels, counted while the second reader has them.
    private final class TappedStorage: VideoFrameStorage {
        private let base: any VideoFrameStorage
        private let lending: Lending

        init(_ base: any VideoFrameStorage, _ lending: Lending) {
            self.base = base
            self.lending = lending
            lending.lent.add(1, ordering: .releasing)
        }

        deinit {
            lending.lent.subtract(1, ordering: .releasing)
        }

        func withPlanes<Result, Failure: Error>(
            _ body: ([VideoPlane]) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            try base.withPlanes(body)
        }
    }
}

/// What a ``VideoTap`` did.
public struct VideoTapStatistics: Sendable, Hashable {
    /// Pictures that the second reader might have had.
    public var offered: UInt64
    /// Those that it was too slow for, or that the camera needed back.
    public var dropped: UInt64
    /// Pictures that it has at present, the waiting one included.
    public var lent: Int
}
