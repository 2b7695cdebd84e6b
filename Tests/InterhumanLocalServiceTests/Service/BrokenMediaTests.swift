import InterhumanCore
import InterhumanEncode
import InterhumanLocalService
import Testing

@Suite("Media that can't be read, in a session of the local service", .timeLimit(.minutes(2)))
struct BrokenMediaTests {
    /// Messages that are whole files: each begins a container.
    private func files() async throws -> [[UInt8]] {
        let settings = SegmentSettings(framing: .prefixed, videoPreset: .fast)
        return try await EncodedMedia.encode(seconds: 6, hasAudio: true, settings: settings).map { $0.header + $0.body }
    }

    private func broken(_ file: [UInt8], keeping count: Int) -> [UInt8] {
        file.prefix(count) + (0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 5) }
    }

    @Test("A fresh container right behind a broken one is decoded, whatever the first one's decoder still does")
    func freshBehindBroken() async throws {
        let files = try await files()
        for keptCount in [200, files[0].count / 2, files[0].count - 100] {
            let log = EventLog()
            let service = try await LocalService.start(LocalServiceConfiguration(observer: log.observer))
            let client = try await ServiceClient(service)
            async let answers = client.rest()
            try await client.connection.send(SessionConfiguration())
            try await client.send(bytes: broken(files[0], keeping: keptCount))
            try await client.send(bytes: files[0])
            try await client.send(bytes: files[1])
            try await client.connection.requestClose()
            let (messages, ending) = await answers
            #expect(messages.errors.map(\.code) == [.malformedSegment])
            #expect(messages.errors.map(\.segment) == [0])
            #expect(ending?.closeCode == 1000)
            let frameCount = await log.sessionEnded()?.statistics.videoFrameCount
            #expect((60...90).contains(frameCount ?? 0), "all of the good files, and what the broken one held")
            await service.shutdown()
        }
    }

    @Test("Media beyond the service's limits get ih5002, as a broken container gets ih5004")
    func beyondLimits() async throws {
        let format = VideoFormat(width: 4400, height: 2400, pixelFormat: .i420)
        let factory = FFmpegSegmentEncoderFactory(
            settings: SegmentSettings(
                maximumWidth: 4400, maximumHeight: 2400, videoCodec: .vp8, videoPreset: .fast))
        let encoder = try await factory.makeEncoder(
            video: VideoTrackDescription(format: format, nominalFrameRate: 10), audio: nil, epoch: .zero)
        let luminance = [UInt8](repeating: 80, count: 4400 * 2400)
        let grey = [UInt8](repeating: 128, count: 2200 * 1200)
        var segments: [MediaSegment] = []
        for index in 0..<2 {
            segments += try await encoder.encode(
                VideoFrame(
                    format: format, captureTime: MediaTime(seconds: Double(index) / 10), duration: .milliseconds(100),
                    storage: OwnedVideoStorage(planes: [(luminance, 4400), (grey, 2200), (grey, 2200)])))
        }
        segments += try await encoder.finish()
        let service = try await LocalService.start()
        let client = try await ServiceClient(service)
        let (messages, ending) = try await client.run(segments)
        #expect(messages.errors.map(\.code) == [.unreadableSegment])
        #expect(messages.errors.map(\.segment) == [0])
        #expect(ending?.closeCode == 1000)
        await service.shutdown()
    }
}
