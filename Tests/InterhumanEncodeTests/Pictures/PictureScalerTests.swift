import InterhumanCore
import InterhumanEncode
import Testing

@Suite("Small RGB pictures", .timeLimit(.minutes(5)))
struct PictureScalerTests {
    private static func frame(
        _ format: PixelFormat, range: ColorRange = .limited, matrix: ColorMatrix = .unspecified, width: Int = 64,
        height: Int = 48, planes: [(pattern: [UInt8], columns: Int, rows: Int)]
    ) -> VideoFrame {
        let storage = OwnedVideoStorage(
            planes: planes.map { pattern, columns, rows in
                let row = (0..<columns).flatMap { _ in pattern }
                return (Array(repeating: row, count: rows).flatMap(\.self), row.count)
            })
        return VideoFrame(
            format: VideoFormat(width: width, height: height, pixelFormat: format, range: range, matrix: matrix),
            captureTime: .zero, storage: storage)
    }

    @Test(
        "Every layout, range and matrix comes out in its colour",
        arguments: [
            (frame(.i420, planes: [([235], 64, 48), ([128], 32, 24), ([128], 32, 24)]), [255, 255, 255]),
            (frame(.i420, planes: [([16], 64, 48), ([128], 32, 24), ([128], 32, 24)]), [0, 0, 0]),
            (frame(.i420, range: .full, planes: [([16], 64, 48), ([128], 32, 24), ([128], 32, 24)]), [16, 16, 16]),
            (frame(.i420, planes: [([81], 64, 48), ([90], 32, 24), ([240], 32, 24)]), [255, 0, 0]),
            (
                frame(.i420, matrix: .bt709, planes: [([63], 64, 48), ([102], 32, 24), ([240], 32, 24)]),
                [255, 0, 0]
            ),
            (frame(.nv12, planes: [([145], 64, 48), ([54, 34], 32, 24)]), [0, 255, 0]),
            (frame(.yuyv, planes: [([41, 240, 41, 110], 32, 48)]), [0, 0, 255]),
            (frame(.gray8, range: .unspecified, planes: [([100], 64, 48)]), [100, 100, 100]),
            (frame(.bgr24, range: .unspecified, planes: [([10, 120, 250], 64, 48)]), [250, 120, 10]),
        ])
    func colours(frame: VideoFrame, expected: [Int]) throws {
        let scaler = PictureScaler()
        for side in [7, 16, 48] {
            let picture = try #require(try scaler.picture(of: frame, maximumWidth: 500, maximumHeight: side))
            #expect(picture.height == side)
            let found = Set((0..<picture.pixels.count / 3).map { Array(picture.pixels[($0 * 3)..<($0 * 3 + 3)]) })
            #expect(found.allSatisfy { zip($0, expected).allSatisfy { abs(Int($0) - $1) <= 3 } }, "\(found)")
        }
    }

    @Test(
        "The aspect ratio is kept and nothing is enlarged",
        arguments: [
            (160, 160, 64, 48), (32, 160, 32, 24), (160, 12, 16, 12), (31, 31, 31, 23), (1, 1, 1, 1), (64, 1, 1, 1),
        ])
    func sizes(width: Int, height: Int, expectedWidth: Int, expectedHeight: Int) throws {
        let frame = Self.frame(.gray8, range: .full, planes: [([9], 64, 48)])
        let picture = try #require(
            try PictureScaler().picture(of: frame, maximumWidth: width, maximumHeight: height))
        #expect((picture.width, picture.height) == (expectedWidth, expectedHeight))
        #expect(picture.pixels.count == expectedWidth * expectedHeight * 3)
    }

    @Test("Corners lie where they lay")
    func corners() throws {
        var luma = [UInt8](repeating: 0, count: 64 * 48)
        for y in 0..<48 { for x in 0..<64 { luma[y * 64 + x] = UInt8((y < 24 ? 0 : 100) + (x < 32 ? 20 : 60)) } }
        let frame = VideoFrame(
            format: VideoFormat(width: 64, height: 48, pixelFormat: .gray8, range: .full), captureTime: .zero,
            storage: OwnedVideoStorage(planes: [(luma, 64)]))
        let picture = try #require(try PictureScaler().picture(of: frame, maximumWidth: 8, maximumHeight: 6))
        let corner = { (x: Int, y: Int) in Int(picture.pixels[(y * 8 + x) * 3]) }
        #expect([corner(0, 0), corner(7, 0), corner(0, 5), corner(7, 5)] == [20, 60, 120, 160])
    }

    @Test("A camera's JPEG is decoded, a broken one left out, and another shape taken")
    func jpeg() throws {
        let scaler = PictureScaler()
        let bytes = try JPEGPicture.encode(CounterPicture(), number: 2)
        let whole = Self.jpeg(bytes)
        let picture = try #require(try scaler.picture(of: whole, maximumWidth: 80, maximumHeight: 80))
        #expect((picture.width, picture.height) == (80, 45))
        #expect(try scaler.picture(of: Self.jpeg(Array(bytes.prefix(500))), maximumWidth: 80, maximumHeight: 80) == nil)
        let other = Self.frame(.gray8, range: .full, planes: [([9], 64, 48)])
        #expect(try scaler.picture(of: other, maximumWidth: 80, maximumHeight: 80)?.pixels.first == 9)
        #expect(try scaler.picture(of: whole, maximumWidth: 80, maximumHeight: 80) == picture)
    }

    private static func jpeg(_ bytes: [UInt8]) -> VideoFrame {
        VideoFrame(
            format: VideoFormat(width: 320, height: 180, pixelFormat: .mjpeg), captureTime: .zero,
            storage: OwnedVideoStorage(planes: [(bytes, bytes.count)]))
    }

    @Test("What can't be converted is an error that says why")
    func errors() {
        let short = VideoFrame(
            format: VideoFormat(width: 64, height: 48, pixelFormat: .gray8), captureTime: .zero,
            storage: OwnedVideoStorage(planes: [([1, 2, 3], 64)]))
        let compressed = VideoFrame(
            format: VideoFormat(width: 64, height: 48, pixelFormat: .h264), captureTime: .zero,
            storage: OwnedVideoStorage(planes: [([1, 2, 3], 3)]))
        for frame in [short, compressed] {
            let error = #expect(throws: EncodeError.self) {
                try PictureScaler().picture(of: frame, maximumWidth: 8, maximumHeight: 8)
            }
            #expect(error?.code == .invalidInput)
        }
        let plain = Self.frame(.gray8, planes: [([9], 64, 48)])
        for (width, height) in [(0, 8), (8, -1), (16385, 8)] {
            #expect(throws: EncodeError.self) {
                try PictureScaler().picture(of: plain, maximumWidth: width, maximumHeight: height)
            }
        }
    }

    @Test(
        "Orientation is the encoder's",
        arguments: [
            (PictureOrientation.upright, [1, 2, 3, 4, 5, 6]),
            (PictureOrientation(isMirrored: true), [3, 2, 1, 6, 5, 4]),
            (PictureOrientation(rotation: .quarter), [4, 1, 5, 2, 6, 3]),
            (PictureOrientation(rotation: .half), [6, 5, 4, 3, 2, 1]),
            (PictureOrientation(rotation: .threeQuarters), [3, 6, 2, 5, 1, 4]),
            (PictureOrientation(rotation: .quarter, isMirrored: true), [1, 4, 2, 5, 3, 6]),
        ])
    func orientation(_ orientation: PictureOrientation, expected: [UInt8]) throws {
        let picture = try #require(
            RGBPicture(width: 3, height: 2, pixels: (1...6).flatMap { [UInt8]([$0, $0, $0]) }))
        let turned = picture.oriented(orientation)
        #expect(turned.pixels.enumerated().filter { $0.offset % 3 == 0 }.map(\.element) == expected)
        #expect(turned.width == (orientation.rotation == .quarter || orientation.rotation == .threeQuarters ? 2 : 3))
    }

    @Test("A picture of the wrong size is none")
    func wrongSize() {
        #expect(RGBPicture(width: 2, height: 2, pixels: [0]) == nil)
        #expect(RGBPicture(width: 0, height: 0, pixels: []) == nil)
    }
}
