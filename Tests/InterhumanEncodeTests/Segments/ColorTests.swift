import InterhumanCore
import InterhumanEncode
import Testing

@Suite("Colours", .timeLimit(.minutes(5)))
struct ColorTests {
    /// A plain picture and the limited-range Y, U and V that it must come out as.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var format: PixelFormat
        var range: ColorRange
        var matrix: ColorMatrix = .unspecified
        var planes: [(bytes: [UInt8], bytesPerRow: Int)]
        var expected: (Int, Int, Int)
        var testDescription: String { name }
    }

    private static func plane(_ pattern: [UInt8], width: Int, rows: Int) -> (bytes: [UInt8], bytesPerRow: Int) {
        let row = (0..<width).flatMap { _ in pattern }
        return (Array(repeating: row, count: rows).flatMap(\.self), row.count)
    }

    private static func yuv(_ y: UInt8, _ u: UInt8, _ v: UInt8) -> [(bytes: [UInt8], bytesPerRow: Int)] {
        [plane([y], width: 64, rows: 48), plane([u], width: 32, rows: 24), plane([v], width: 32, rows: 24)]
    }

    static let cases = [
        Case(
            name: "limited stays", format: .i420, range: .limited, planes: yuv(16, 100, 200), expected: (16, 100, 200)),
        Case(name: "full white", format: .i420, range: .full, planes: yuv(255, 128, 128), expected: (235, 128, 128)),
        Case(name: "full black", format: .i420, range: .full, planes: yuv(0, 128, 128), expected: (16, 128, 128)),
        Case(
            name: "YUYV", format: .yuyv, range: .limited,
            planes: [plane([120, 90, 120, 160], width: 32, rows: 48)], expected: (120, 90, 160)),
        Case(
            name: "NV12", format: .nv12, range: .limited,
            planes: [plane([80], width: 64, rows: 48), plane([60, 180], width: 32, rows: 24)], expected: (80, 60, 180)),
        Case(
            name: "planar 4:2:2, full range", format: PixelFormat(name: "yuv422p"), range: .full,
            planes: [
                plane([255], width: 64, rows: 48), plane([90], width: 32, rows: 48), plane([160], width: 32, rows: 48),
            ], expected: (235, 95, 156)),
        Case(
            name: "JPEG's 4:2:2, which is full by name", format: PixelFormat(name: "yuvj422p"), range: .full,
            planes: [
                plane([0], width: 64, rows: 48), plane([128], width: 32, rows: 48), plane([128], width: 32, rows: 48),
            ], expected: (16, 128, 128)),
        Case(
            name: "UYVY, full range", format: .uyvy, range: .full,
            planes: [plane([128, 255, 128, 255], width: 32, rows: 48)], expected: (235, 128, 128)),
        // Pure red: BT.601 gives 81, 90, 240; BT.709 gives 63, 102, 240.
        Case(
            name: "RGB to BT.601", format: .rgb24, range: .unspecified,
            planes: [plane([255, 0, 0], width: 64, rows: 48)], expected: (81, 90, 240)),
        Case(
            name: "RGB to BT.709", format: .rgb24, range: .unspecified, matrix: .bt709,
            planes: [plane([255, 0, 0], width: 64, rows: 48)], expected: (63, 102, 240)),
        Case(
            name: "grey is full range", format: .gray8, range: .unspecified,
            planes: [plane([255], width: 64, rows: 48)], expected: (235, 128, 128)),
    ]

    @Test("Range, matrix and layout come out right", arguments: cases)
    func conversion(_ example: Case) async throws {
        let format = VideoFormat(
            width: 64, height: 48, pixelFormat: example.format, range: example.range, matrix: example.matrix)
        let encoder = try await FFmpegSegmentEncoderFactory().makeEncoder(
            video: VideoTrackDescription(format: format, nominalFrameRate: 30), audio: nil, epoch: .zero)
        for number in 0..<5 {
            _ = try await encoder.encode(
                VideoFrame(
                    format: format, captureTime: .zero + .milliseconds(33 * number),
                    storage: OwnedVideoStorage(planes: example.planes)))
        }
        let recording = try await Recording.decode(try await encoder.finish().messages)
        let last = try #require(recording.frames.last)
        #expect(last.format.range == .limited)
        #expect(last.format.matrix == (example.matrix == .bt709 ? .bt709 : .bt601))
        let values = last.storage.withPlanes { planes in
            planes.map { Int($0.bytes[$0.bytesPerRow * 10 + 10]) }
        }
        for (value, expected) in zip(values, [example.expected.0, example.expected.1, example.expected.2]) {
            #expect(abs(value - expected) <= 3)
        }
    }
}
