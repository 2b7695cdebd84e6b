import InterhumanCore
import InterhumanEncode
import Testing

@Suite("What an encoder refuses", .timeLimit(.minutes(5)))
struct EncoderErrorTests {
    private let video = VideoTrackDescription(format: CounterPicture().format, nominalFrameRate: 30)

    @Test("Settings out of their range are refused by name")
    func settings() async throws {
        let wrong = [
            SegmentSettings(maximumWidth: 0), SegmentSettings(maximumFrameRate: .nan), SegmentSettings(videoBitRate: 1),
            SegmentSettings(audioBitRate: 1), SegmentSettings(segmentDuration: .milliseconds(999)),
            SegmentSettings(segmentDuration: .seconds(11)), SegmentSettings(framing: SegmentFraming(rawValue: "odd")),
            SegmentSettings(videoPreset: VideoPreset(rawValue: "odd")),
        ]
        for settings in wrong {
            let error = await #expect(throws: EncodeError.self) {
                try await FFmpegSegmentEncoderFactory(settings: settings).makeEncoder(
                    video: video, audio: nil, epoch: .zero)
            }
            #expect(error?.code == .invalidSettings)
        }
    }

    @Test("A stream without tracks and pictures without a size are refused")
    func tracks() async throws {
        let factory = FFmpegSegmentEncoderFactory()
        var empty = video
        empty.format.width = 0
        for track in [nil, empty] {
            let error = await #expect(throws: EncodeError.self) {
                try await factory.makeEncoder(video: track, audio: nil, epoch: .zero)
            }
            #expect(error?.code == .invalidInput)
        }
    }

    @Test("Planes that hold less than the format needs are not read")
    func shortPlanes() async throws {
        let format = CounterPicture().format
        let whole = [([UInt8](repeating: 0, count: 320 * 180), 320)]
        let wrong: [[(bytes: [UInt8], bytesPerRow: Int)]] = [
            [], whole, [([1, 2, 3], 320), ([1], 160), ([1], 160)],
            whole + [([UInt8](repeating: 0, count: 160 * 90), 160), ([UInt8](repeating: 0, count: 160 * 90 - 1), 160)],
            [([UInt8](repeating: 0, count: 320 * 180), 10), ([], 0), ([], 0)],
        ]
        for planes in wrong {
            let encoder = try await FFmpegSegmentEncoderFactory().makeEncoder(video: video, audio: nil, epoch: .zero)
            let frame = VideoFrame(format: format, captureTime: .zero, storage: OwnedVideoStorage(planes: planes))
            let error = await #expect(throws: EncodeError.self) { try await encoder.encode(frame) }
            #expect(error?.code == .invalidInput)
            // The encoder is of no further use, and says why.
            let again = await #expect(throws: EncodeError.self) { try await encoder.finish() }
            #expect(again?.code == .invalidInput)
        }
    }

    @Test("Unknown pixel formats, tracks that do not exist and use after the end are refused")
    func misuse() async throws {
        let factory = FFmpegSegmentEncoderFactory()
        var strange = CounterPicture().frame(0, at: .zero)
        strange.format.pixelFormat = PixelFormat(name: "no such format")
        var encoder = try await factory.makeEncoder(video: video, audio: nil, epoch: .zero)
        var error = await #expect(throws: EncodeError.self) { try await encoder.encode(strange) }
        #expect(error?.code == .invalidInput)

        encoder = try await factory.makeEncoder(video: video, audio: nil, epoch: .zero)
        let chunk = ClickTrack().chunk(from: 0, count: 960, epoch: .zero)
        error = await #expect(throws: EncodeError.self) { try await encoder.encode(chunk) }
        #expect(error?.code == .misuse)

        encoder = try await factory.makeEncoder(video: video, audio: nil, epoch: .zero)
        #expect(try await encoder.finish() == [])
        error = await #expect(throws: EncodeError.self) {
            try await encoder.encode(CounterPicture().frame(0, at: .zero))
        }
        #expect(error?.code == .misuse)

        encoder = try await factory.makeEncoder(video: video, audio: nil, epoch: .zero)
        await encoder.cancel()
        await encoder.cancel()
        error = await #expect(throws: EncodeError.self) { try await encoder.finish() }
        #expect(error?.code == .cancelled)
    }
}
