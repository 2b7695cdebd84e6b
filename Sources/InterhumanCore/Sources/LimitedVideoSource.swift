/// A video source that ends after some time.
public struct LimitedVideoSource: VideoSource {
    private let base: any VideoSource
    private let limit: MediaLimit

    /// Takes the pictures of `base` that lie less than `limit` of media time after its first one.
    public init(_ base: any VideoSource, limit: Duration) {
        self.init(base, limit: MediaLimit(limit))
    }

    /// Takes the pictures of `base` that lie within a limit, which the sound may share.
    public init(_ base: any VideoSource, limit: MediaLimit) {
        self.base = base
        self.limit = limit
    }

    public func start() async throws(CaptureError) -> VideoStream {
        var stream = try await base.start()
        let frames = stream.frames
        let limit = limit
        stream.frames = MediaSequence { () async throws(CaptureError) -> VideoFrame? in
            var iterator = frames.makeAsyncIterator()
            guard let frame = try await iterator.next(), frame.captureTime < limit.end(after: frame.captureTime) else {
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
