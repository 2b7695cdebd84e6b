import InterhumanEncode

/// One container that a client sends, from its header to the next one's.
///
/// Each has a decoder of its own, so that what is wrong with one can't touch the next.
struct MediaContainer: Sendable {
    /// Number of the message that began it.
    let number: Int
    let decoder: MediaStreamDecoder
    private let analysis: AsyncStream<Never>
    private let analysisEnd: AsyncStream<Never>.Continuation

    init(number: Int, decoder: MediaStreamDecoder) {
        self.number = number
        self.decoder = decoder
        (analysis, analysisEnd) = AsyncStream.makeStream()
    }

    /// Says that nothing more of it will be looked at.
    func endAnalysis() {
        analysisEnd.finish()
    }

    /// Waits until all of it was looked at, or the task is cancelled. One caller at a time.
    func waitUntilAnalysed() async {
        for await _ in analysis {}
    }
}
