/// An audio source that ends after some time.
public struct LimitedAudioSource: AudioSource {
    private let base: any AudioSource
    private let limit: MediaLimit

    /// Takes `limit` of the sound of `base`, to the sample.
    public init(_ base: any AudioSource, limit: Duration) {
        self.init(base, limit: MediaLimit(limit))
    }

    /// Takes the sound of `base` that lies within a limit, which the picture may share.
    public init(_ base: any AudioSource, limit: MediaLimit) {
        self.base = base
        self.limit = limit
    }

    public func start() async throws(CaptureError) -> AudioStream {
        var stream = try await base.start()
        let chunks = stream.chunks
        let limit = limit
        stream.chunks = MediaSequence { () async throws(CaptureError) -> AudioChunk? in
            var iterator = chunks.makeAsyncIterator()
            guard let chunk = try await iterator.next() else { return nil }
            return chunk.cut(at: limit.end(after: chunk.captureTime))
        }
        return stream
    }

    public func stop() async {
        await base.stop()
    }
}

extension AudioChunk {
    /// The part before an instant; nil when there is none.
    func cut(at end: MediaTime) -> AudioChunk? {
        let left = (end - captureTime).nanoseconds
        guard left > 0 else { return nil }
        let frames = Int((Double(left) * Double(format.sampleRate) / 1e9).rounded())
        guard frames < frameCount else { return self }
        guard frames > 0 else { return nil }
        var part = self
        let count = frames * format.channelCount
        switch samples {
        case .int16(let all): part.samples = .int16(Array(all.prefix(count)))
        case .float32(let all): part.samples = .float32(Array(all.prefix(count)))
        }
        return part
    }
}
