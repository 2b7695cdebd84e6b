import InterhumanCore
import InterhumanEncode

/// Encodes a counter picture and a click track, picture and sound in the order of capture.
struct EncodingRun {
    var picture: CounterPicture? = CounterPicture()
    /// Capture times of the frames in seconds after the epoch.
    var frameTimes: [Double] = []
    var clicks: ClickTrack? = ClickTrack()
    /// Sample frames to encode.
    var sampleCount = 0
    /// Sample frames in a chunk.
    var chunkLength = 1024
    /// By how much chunks come later than frames of the same capture time, in seconds.
    var audioDelay = 0.0
    var settings = SegmentSettings()
    var epoch = MediaTime(seconds: 1234.5)
    var nominalFrameRate = 30.0
    var isLive = false
    /// Chooses what becomes of each chunk.
    var chunkFilter: (Int) -> Bool = { _ in true }

    /// A run of a steady frame rate.
    static func steady(seconds: Double, frameRate: Double = 30) -> EncodingRun {
        var run = EncodingRun()
        run.frameTimes = (0..<Int((seconds * frameRate).rounded())).map { Double($0) / frameRate }
        run.sampleCount = Int(seconds * 48_000)
        run.nominalFrameRate = frameRate
        return run
    }

    func run() async throws(EncodeError) -> (segments: [MediaSegment], statistics: EncoderStatistics) {
        let encoder = try await makeEncoder()
        var segments: [MediaSegment] = []
        var position = 0
        for (number, time) in frameTimes.enumerated() {
            segments += try await encodeAudio(encoder, &position, upTo: time - audioDelay)
            guard let picture else { continue }
            segments += try await encoder.encode(picture.frame(number, at: epoch + .seconds(time)))
        }
        segments += try await encodeAudio(encoder, &position, upTo: .infinity)
        segments += try await encoder.finish()
        return (segments, await encoder.statistics)
    }

    func makeEncoder() async throws(EncodeError) -> FFmpegSegmentEncoder {
        try await FFmpegSegmentEncoderFactory(settings: settings).makeFFmpegEncoder(
            video: picture.map {
                VideoTrackDescription(format: $0.format, nominalFrameRate: nominalFrameRate, isLive: isLive)
            },
            audio: clicks.map { AudioTrackDescription(format: $0.format) }, epoch: epoch)
    }

    private func encodeAudio(
        _ encoder: FFmpegSegmentEncoder, _ position: inout Int, upTo time: Double
    ) async throws(EncodeError) -> [MediaSegment] {
        guard let clicks else { return [] }
        var segments: [MediaSegment] = []
        while position < sampleCount {
            let count = min(chunkLength, sampleCount - position)
            guard Double(position + count) / Double(clicks.sampleRate) <= time else { break }
            if chunkFilter(position) {
                segments += try await encoder.encode(clicks.chunk(from: position, count: count, epoch: epoch))
            }
            position += count
        }
        return segments
    }
}
