import Interhuman

/// Lets the view hear what a source gives.
struct MeteredAudioSource: AudioSource {
    private let base: any AudioSource
    private let view: LiveView

    init(_ base: any AudioSource, view: LiveView) {
        (self.base, self.view) = (base, view)
    }

    func start() async throws(CaptureError) -> AudioStream {
        var stream = try await base.start()
        let chunks = stream.chunks
        stream.chunks = MediaSequence { [view] () async throws(CaptureError) -> AudioChunk? in
            var iterator = chunks.makeAsyncIterator()
            guard let chunk = try await iterator.next() else { return nil }
            view.hear(chunk)
            return chunk
        }
        return stream
    }

    func stop() async {
        await base.stop()
    }
}
