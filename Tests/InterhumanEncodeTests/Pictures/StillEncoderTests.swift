import InterhumanCore
import InterhumanEncode
import Testing

@Suite("JPEG files of a source's frames", .timeLimit(.minutes(5)))
struct StillEncoderTests {
    /// A frame of one colour in planar 4:2:0.
    private static func frame(
        _ luminance: UInt8, _ blue: UInt8, _ red: UInt8, width: Int = 64, height: Int = 48,
        range: ColorRange = .limited, matrix: ColorMatrix = .unspecified
    ) -> VideoFrame {
        let (half, rows) = (width / 2, height / 2)
        return VideoFrame(
            format: VideoFormat(width: width, height: height, pixelFormat: .i420, range: range, matrix: matrix),
            captureTime: .zero,
            storage: OwnedVideoStorage(
                planes: [
                    ([UInt8](repeating: luminance, count: width * height), width),
                    ([UInt8](repeating: blue, count: half * rows), half),
                    ([UInt8](repeating: red, count: half * rows), half),
                ]))
    }

    private static func jpegFrame(_ bytes: [UInt8], width: Int, height: Int) -> VideoFrame {
        VideoFrame(
            format: VideoFormat(width: width, height: height, pixelFormat: .mjpeg), captureTime: .zero,
            storage: OwnedVideoStorage(planes: [(bytes, bytes.count)]))
    }

    /// What a viewer makes of a file.
    private func decoded(_ jpeg: [UInt8], width: Int, height: Int) throws -> RGBPicture {
        try #require(
            try PictureScaler().picture(
                of: Self.jpegFrame(jpeg, width: width, height: height), maximumWidth: 4_096, maximumHeight: 4_096))
    }

    @Test(
        "Colours are those of the frame, whatever its range and matrix",
        arguments: [
            (frame(235, 128, 128), [255, 255, 255]), (frame(16, 128, 128), [0, 0, 0]),
            (frame(16, 128, 128, range: .full), [16, 16, 16]), (frame(81, 90, 240), [255, 0, 0]),
            (frame(63, 102, 240, matrix: .bt709), [255, 0, 0]), (frame(145, 54, 34), [0, 255, 0]),
        ])
    func colours(frame: VideoFrame, expected: [Int]) throws {
        let picture = try decoded(try StillEncoder(quantizer: 2).encode(frame), width: 64, height: 48)
        #expect((picture.width, picture.height) == (64, 48))
        let middle = (24 * 64 + 32) * 3
        let found = picture.pixels[middle..<middle + 3].map { Int($0) }
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 5 }, "\(found)")
    }

    @Test("One encoder takes frames of any size, and keeps to its limit")
    func sizes() throws {
        let encoder = StillEncoder(maximumWidth: 32, maximumHeight: 32)
        for (width, height, expected) in [
            (64, 48, [32, 24]), (48, 64, [24, 32]), (16, 12, [16, 12]), (64, 48, [32, 24]),
        ] {
            let jpeg = try encoder.encode(Self.frame(100, 128, 128, width: width, height: height))
            #expect(jpeg.starts(with: [0xFF, 0xD8]) && jpeg.suffix(2) == [0xFF, 0xD9])
            let picture = try decoded(jpeg, width: expected[0], height: expected[1])
            #expect([picture.width, picture.height] == expected)
        }
    }

    @Test("A camera's JPEG becomes a smaller one; a broken one is refused and does no harm to the next")
    func cameras() throws {
        let camera = try StillEncoder().encode(Self.frame(81, 90, 240, width: 128, height: 96))
        let encoder = StillEncoder(maximumWidth: 32, maximumHeight: 32)
        for bytes in [Array(camera.dropLast(40)), [], [0xFF, 0xD8, 0xFF, 0xD9]] {
            #expect {
                try encoder.encode(Self.jpegFrame(bytes, width: 128, height: 96))
            } throws: { ($0 as? EncodeError)?.code == .invalidInput }
        }
        let small = try encoder.encode(Self.jpegFrame(camera, width: 128, height: 96))
        #expect(try decoded(small, width: 32, height: 24).height == 24)
    }
}
