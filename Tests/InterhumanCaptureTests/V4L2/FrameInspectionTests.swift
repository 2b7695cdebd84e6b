import CInterhumanV4L2
import InterhumanCore
import Testing

@testable import InterhumanCapture

/// Damaged frames are found before anybody decodes them.
@Suite struct FrameInspectionTests {
    static let jpeg: [UInt8] = [0xFF, 0xD8, 1, 2, 3, 0xFF, 0xD9]

    private func length(_ bytes: [UInt8], _ format: PixelFormat = .mjpeg, flags: Int32 = 0) throws -> Int? {
        let layout = try #require(
            FrameLayout(format: VideoFormat(width: 2, height: 2, pixelFormat: format), bytesPerLine: 0))
        return bytes.withUnsafeBytes {
            FrameInspection.pictureLength(
                flags: UInt32(flags), bytes: $0, pixelFormat: format, layout: layout)
        }
    }

    @Test func aWholePictureIsTakenWithoutItsPadding() throws {
        #expect(try length(Self.jpeg) == 7)
        #expect(try length(Self.jpeg + [UInt8](repeating: 0, count: 5_000)) == 7)
        #expect(try length(Self.jpeg + [0xAA, 0xBB]) == 7)
    }

    @Test func damageIsSeen() throws {
        #expect(try length(Self.jpeg, flags: V4L2_BUF_FLAG_ERROR) == nil)
        #expect(try length([]) == nil)
        #expect(try length([0xFF, 0xD8]) == nil)
        #expect(try length(Array(Self.jpeg.dropFirst())) == nil)
        #expect(try length(Array(Self.jpeg.dropLast())) == nil)
        #expect(try length([UInt8](repeating: 0, count: 100)) == nil)
    }

    @Test func rawPicturesMustBeWhole() throws {
        #expect(try length([UInt8](repeating: 0, count: 8), .yuyv) == 8)
        #expect(try length([UInt8](repeating: 0, count: 20), .yuyv) == 8)
        #expect(try length([UInt8](repeating: 0, count: 7), .yuyv) == nil)
    }

    @Test func planesLieWhereTheDriverPutsThem() throws {
        let i420 = try #require(
            FrameLayout(format: VideoFormat(width: 6, height: 3, pixelFormat: .i420), bytesPerLine: 8))
        #expect(i420.planes.map(\.offset) == [0, 24, 32] && i420.planes.map(\.bytesPerRow) == [8, 4, 4])
        #expect(i420.byteCount == 40)
        let nv12 = try #require(
            FrameLayout(format: VideoFormat(width: 4, height: 4, pixelFormat: .nv12), bytesPerLine: 0))
        #expect(nv12.planes.map(\.offset) == [0, 16] && nv12.byteCount == 24)
        #expect(FrameLayout(format: VideoFormat(width: 0, height: 4, pixelFormat: .nv12), bytesPerLine: 0) == nil)
        #expect(
            FrameLayout(format: VideoFormat(width: 4, height: 4, pixelFormat: .init(name: "bayer")), bytesPerLine: 0)
                == nil)
    }
}
