import InterhumanCore
import InterhumanEncode
import Testing

@Suite("Rotation and mirroring", .timeLimit(.minutes(5)))
struct OrientationTests {
    /// A picture whose four quarters have luminances of their own.
    private static func frame(_ number: Int) -> VideoFrame {
        let (width, height) = (96, 64)
        var luma = [UInt8](repeating: 0, count: width * height)
        for y in 0..<height {
            for x in 0..<width {
                luma[y * width + x] = corners[(y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)]
            }
        }
        // The upper half is blue, the lower red.
        let chroma = { (top: UInt8, bottom: UInt8) in
            [UInt8](repeating: top, count: width * height / 8) + [UInt8](repeating: bottom, count: width * height / 8)
        }
        return VideoFrame(
            format: VideoFormat(width: width, height: height, pixelFormat: .i420, range: .limited),
            captureTime: .zero + .milliseconds(40 * number),
            storage: OwnedVideoStorage(planes: [
                (luma, width), (chroma(200, 100), width / 2), (chroma(100, 200), width / 2),
            ]))
    }

    /// Top left, top right, bottom left, bottom right.
    private static let corners: [UInt8] = [40, 90, 140, 200]

    @Test(
        "Each corner comes to lie where it should",
        arguments: [
            (PictureOrientation.upright, [40, 90, 140, 200]),
            (PictureOrientation(isMirrored: true), [90, 40, 200, 140]),
            (PictureOrientation(rotation: .quarter), [140, 40, 200, 90]),
            (PictureOrientation(rotation: .half), [200, 140, 90, 40]),
            (PictureOrientation(rotation: .threeQuarters), [90, 200, 40, 140]),
            (PictureOrientation(rotation: .quarter, isMirrored: true), [40, 140, 90, 200]),
            (PictureOrientation(rotation: .half, isMirrored: true), [140, 200, 40, 90]),
            (PictureOrientation(rotation: .threeQuarters, isMirrored: true), [200, 90, 140, 40]),
        ])
    func corners(orientation: PictureOrientation, expected: [Int]) async throws {
        let encoder = try await FFmpegSegmentEncoderFactory(settings: SegmentSettings(orientation: orientation))
            .makeEncoder(
                video: VideoTrackDescription(format: Self.frame(0).format, nominalFrameRate: 25), audio: nil,
                epoch: .zero)
        for number in 0..<5 { _ = try await encoder.encode(Self.frame(number)) }
        let recording = try await Recording.decode(try await encoder.finish().messages)
        let picture = try #require(recording.frames.last)
        let turned = orientation.rotation == .quarter || orientation.rotation == .threeQuarters
        #expect((picture.format.width, picture.format.height) == (turned ? (64, 96) : (96, 64)))
        let found = picture.storage.withPlanes { planes in
            [(1, 1), (3, 1), (1, 3), (3, 3)].map { x, y in
                let (width, height) = (picture.format.width, picture.format.height)
                return (
                    Int(planes[0].bytes[height * y / 4 * planes[0].bytesPerRow + width * x / 4]),
                    Int(planes[1].bytes[height * y / 8 * planes[1].bytesPerRow + width * x / 8])
                )
            }
        }
        for (corner, value) in zip(found, expected) {
            #expect(abs(corner.0 - value) <= 4)
            // Colour moves with its corner.
            #expect((corner.1 > 150) == (value < 120))
        }
    }

    @Test("Sizes are limited after the turn, and may change while running")
    func size() async throws {
        var run = EncodingRun.steady(seconds: 7, frameRate: 15)
        run.clicks = nil
        run.picture = CounterPicture(width: 1280, height: 720)
        run.settings.orientation = PictureOrientation(rotation: .quarter)
        run.settings.maximumWidth = 180
        let encoder = try await run.makeEncoder()
        var segments: [MediaSegment] = []
        for number in 0..<105 {
            if number == 50 { _ = try await encoder.adjust(EncoderAdjustment(maximumWidth: 90)) }
            let time = run.epoch + .nanoseconds(Int64(number) * 1_000_000_000 / 15)
            segments += try await encoder.encode(CounterPicture(width: 1280, height: 720).frame(number, at: time))
        }
        segments += try await encoder.finish()
        #expect(
            segments.compactMap(\.statistics).map { [$0.width, $0.height] } == [[180, 320], [180, 320], [90, 160]])
    }
}
