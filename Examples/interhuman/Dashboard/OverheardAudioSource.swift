import Glibc
import Interhuman
import Synchronization

/// A source whose loudest sample can be asked for.
final class OverheardAudioSource: AudioSource {
    private let base: any AudioSource
    private let peak = Mutex(Float(0))
    private let hasSound = Atomic(false)

    init(_ base: any AudioSource) {
        self.base = base
    }

    /// The loudest sample since this was asked last, for people; nil before the first sample.
    var level: String? {
        guard hasSound.load(ordering: .relaxed) else { return nil }
        let loudest = peak.withLock { peak in
            defer { peak = 0 }
            return peak
        }
        return loudest > 0 ? "\(Int((20 * log10(loudest)).rounded())) dBFS" : "silent"
    }

    func start() async throws(CaptureError) -> AudioStream {
        var stream = try await base.start()
        let chunks = stream.chunks
        stream.chunks = MediaSequence { [self] () async throws(CaptureError) -> AudioChunk? in
            var iterator = chunks.makeAsyncIterator()
            guard let chunk = try await iterator.next() else { return nil }
            hear(chunk.samples)
            return chunk
        }
        return stream
    }

    func stop() async {
        await base.stop()
    }

    private func hear(_ samples: AudioSamples) {
        let loudest: Float =
            switch samples {
            case .int16(let samples): samples.reduce(0) { max($0, abs(Float($1) / 32_768)) }
            case .float32(let samples): samples.reduce(0) { max($0, $1.isFinite ? abs($1) : 0) }
            }
        hasSound.store(true, ordering: .relaxed)
        peak.withLock { $0 = max($0, loudest) }
    }
}
