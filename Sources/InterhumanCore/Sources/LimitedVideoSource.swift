import Synchronization

/// A video source that ends after some time.
public struct LimitedVideoSource: VideoSource {
    private let base: any VideoSource
    private let limit: Duration

    /// Takes the pictures of `base` that lie less than `limit` of media time after its first one.
    public init(_ base: any VideoSource, limit: Duration) {
        self.base = base
        self.limit = limit
    }

    public func start() async throws(CaptureError) -> VideoStream {
        var stream = try await base.start()
        let frames = stream.frames
        let end = LimitEnd(limit)
        stream.frames = MediaSequence { () async throws(CaptureError) -> VideoFrame? in
            var iterator = frames.makeAsyncIterator()
            guard let frame = try await iterator.next(), frame.captureTime < end.after(frame.captureTime) else {
                return nil
            }
            return frame
        }
        return stream
    }

    public func stop() async {
        await base.stop()
    }
}

/// Where a limit falls: fixed by the first element.
final class LimitEnd: Sendable {
    private let limit: Duration
    private let end = Mutex<MediaTime?>(nil)

    init(_ limit: Duration) {
        self.limit = limit
    }

    /// The end, which the first call sets from the first element's time.
    func after(_ first: MediaTime) -> MediaTime {
        end.withLock { end in
            let known = end ?? first + limit
            end = known
            return known
        }
    }
}
