import InterhumanCore
import InterhumanEncode
import Testing

@Suite("Damaged Motion JPEG", .timeLimit(.minutes(5)))
struct MutatedPictureTests {
    @Test(
        "Whatever a camera sends, each picture is encoded or counted as broken, and the stream decodes",
        arguments: 0..<8)
    func mutations(seed: Int) async throws {
        let jpeg = try JPEGPicture.encode(CounterPicture(), number: 1)
        let format = VideoFormat(width: 320, height: 180, pixelFormat: .mjpeg)
        let encoder = try await FFmpegSegmentEncoderFactory(settings: SegmentSettings(videoPreset: .fast))
            .makeFFmpegEncoder(
                video: VideoTrackDescription(format: format, nominalFrameRate: 25), audio: nil, epoch: .zero)
        var mutation = Mutation(seed: UInt64(seed))
        var segments: [MediaSegment] = []
        for number in 0..<60 {
            // Every tenth is whole, so that something is to be encoded.
            let bytes = number % 10 == 0 ? jpeg : mutation.apply(to: jpeg)
            segments += try await encoder.encode(
                VideoFrame(
                    format: format, captureTime: .zero + .milliseconds(40 * number),
                    storage: OwnedVideoStorage(planes: [(bytes, bytes.count)])))
        }
        segments += try await encoder.finish()
        let statistics = await encoder.statistics
        #expect(statistics.videoFramesEncoded + statistics.videoFramesBroken == 60)
        #expect(statistics.videoFramesEncoded >= 6)
        let recording = try await Recording.decode(segments.messages)
        #expect(recording.frames.count == statistics.videoFramesEncoded)
    }
}
