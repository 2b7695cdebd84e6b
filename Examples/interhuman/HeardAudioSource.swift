import Interhuman

/// Lets somebody hear what a source gives, chunk by chunk. The source waits meanwhile, so that hearing is to be brief.
struct HeardAudioSource: AudioSource {
    private let base: any AudioSource
    private let hear: @Sendable (AudioChunk) -> Void

    init(_ base: any AudioSource, _ hear: @escaping @Sendable (AudioChunk) -> Void) {
        (self.base, self.hear) = (base, hear)
    }

    func start() async throws(CaptureError) -> AudioStream {
        var stream = try await base.start()
        let chunks = stream.chunks
        stream.chunks = MediaSequence { [hear] () async throws(CaptureError) -> AudioChunk? in
            var iterator = chunks.makeAsyncIterator()
            guard let chunk = try await iterator.next() else { return nil }
            hear(chunk)
            return chunk
        }
        return stream
    }

    func stop() async {
        await base.stop()
    }
}
