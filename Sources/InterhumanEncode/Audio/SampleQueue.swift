/// Mono samples that wait to fill a codec's frame.
struct SampleQueue: Sendable {
    private var samples: [Float] = []
    private var start = 0

    /// Number of samples.
    var count: Int { samples.count - start }

    /// Adds samples; what is not a number becomes silence, since codecs have no use for it.
    mutating func append(_ more: [Float]) {
        samples.reserveCapacity(samples.count + more.count)
        for sample in more { samples.append(sample.isFinite ? sample : 0) }
    }

    /// Adds silence.
    mutating func appendSilence(_ count: Int) {
        samples.append(contentsOf: repeatElement(0, count: count))
    }

    /// Copies the oldest `count` samples out and forgets them. There are that many.
    mutating func take(_ count: Int, into target: UnsafeMutableRawPointer) {
        samples.withUnsafeBytes { bytes in
            let stride = MemoryLayout<Float>.stride
            guard let base = bytes.baseAddress else { return }
            target.copyMemory(from: base + start * stride, byteCount: count * stride)
        }
        start += count
        // Move the rest to the front only when it is the smaller part, so that a long queue is not moved again and again.
        guard start == samples.count || start >= max(16_384, samples.count / 2) else { return }
        samples.removeFirst(start)
        start = 0
    }
}
