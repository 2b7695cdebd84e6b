import Foundation
import InterhumanCore
import InterhumanEncode

/// Pictures in memory, in planar 4:2:0.
struct Clip {
    /// One picture's planes, one after the other.
    typealias Picture = [UInt8]

    let description: String
    let width: Int
    let height: Int
    let pictures: [Picture]
    /// The pictures as sources give them.
    let frames: [VideoFrame]

    var format: VideoFormat {
        VideoFormat(width: width, height: height, pixelFormat: .i420, range: .limited, matrix: .bt601)
    }

    private init(description: String, width: Int, height: Int, pictures: [Picture]) {
        self.description = description
        (self.width, self.height, self.pictures) = (width, height, pictures)
        let format = VideoFormat(width: width, height: height, pixelFormat: .i420, range: .limited, matrix: .bt601)
        frames = pictures.enumerated().map { number, picture in
            VideoFrame(
                format: format, captureTime: Self.time(number),
                storage: OwnedVideoStorage(planes: Self.planes(picture, width: width, height: height)))
        }
    }

    /// The capture time of a picture, at 30 a second.
    static func time(_ number: Int) -> MediaTime {
        .zero + .nanoseconds(Int64(number) * 1_000_000_000 / 30)
    }

    private static func planes(_ picture: Picture, width: Int, height: Int) -> [(bytes: [UInt8], bytesPerRow: Int)] {
        let (luma, chroma) = (width * height, width * height / 4)
        return [
            (Array(picture[..<luma]), width), (Array(picture[luma..<luma + chroma]), width / 2),
            (Array(picture[(luma + chroma)...]), width / 2),
        ]
    }

    /// Reads `path`, or makes pictures up.
    static func load(_ path: String?, count: Int = 240) async throws -> Clip {
        guard let path else { return madeUp(count: count) }
        let file = try await MediaFile.open(path: path, options: .init(pacing: .unpaced))
        guard let stream = try await file.video?.start() else { throw BenchmarkError("\(path) has no video.") }
        var pictures: [Picture] = []
        var size = (0, 0)
        for try await frame in stream.frames where pictures.count < count {
            guard frame.format.pixelFormat == .i420 else { throw BenchmarkError("\(path) is not planar 4:2:0.") }
            size = (frame.format.width & ~1, frame.format.height & ~1)
            pictures.append(packed(frame, width: size.0, height: size.1))
        }
        await file.video?.stop()
        guard !pictures.isEmpty else { throw BenchmarkError("\(path) has no pictures.") }
        let distinct = pictures.count
        // Forth and back, so that there is no cut where it begins again.
        let order = Array(0..<distinct) + (0..<distinct).reversed()
        pictures = (0..<count).map { pictures[order[$0 % order.count]] }
        return Clip(description: "\(path), \(size.0)x\(size.1)", width: size.0, height: size.1, pictures: pictures)
    }

    private static func packed(_ frame: VideoFrame, width: Int, height: Int) -> Picture {
        frame.storage.withPlanes { planes in
            var picture: Picture = []
            picture.reserveCapacity(width * height * 3 / 2)
            for (plane, divisor) in zip(planes, [1, 2, 2]) {
                for row in 0..<height / divisor {
                    picture += plane.bytes[row * plane.bytesPerRow..<row * plane.bytesPerRow + width / divisor]
                }
            }
            return picture
        }
    }

    /// A textured ground that pans behind a moving head-sized shape, with a camera's noise.
    private static func madeUp(count: Int) -> Clip {
        let (width, height) = (1280, 720)
        var random = UInt64(1)
        let noise = (0..<1 << 16).map { _ -> Int in
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 61) - 3
        }
        let pictures = (0..<count).map { number -> Picture in
            var picture = Picture(repeating: 128, count: width * height * 3 / 2)
            let (centreX, centreY) = (640 + 200 * sin(Double(number) / 20), 360 + 80 * cos(Double(number) / 13))
            for y in 0..<height {
                for x in 0..<width {
                    let ground = 90 + ((x + number * 2) / 32 ^ y / 32) % 8 * 10 + (x + number * 2) * 7 % 13
                    let (dx, dy) = (Double(x) - centreX, (Double(y) - centreY) * 0.8)
                    let isHead = dx * dx + dy * dy < 150 * 150
                    let value = isHead ? 150 + Int(dx / 8) + (x ^ y) % 5 : ground
                    picture[y * width + x] = UInt8(clamping: value + noise[(y * 977 + x + number * 31337) & 0xFFFF])
                }
            }
            return picture
        }
        return Clip(description: "made up, \(width)x\(height)", width: width, height: height, pictures: pictures)
    }

    /// The pictures at half width and height.
    var halved: Clip {
        let pictures = pictures.map { picture -> Picture in
            var half: Picture = []
            half.reserveCapacity(picture.count / 4)
            var start = 0
            for (planeWidth, planeHeight) in [(width, height), (width / 2, height / 2), (width / 2, height / 2)] {
                for y in 0..<planeHeight / 2 {
                    for x in 0..<planeWidth / 2 {
                        let place = start + 2 * y * planeWidth + 2 * x
                        let sum =
                            Int(picture[place]) + Int(picture[place + 1]) + Int(picture[place + planeWidth])
                            + Int(picture[place + planeWidth + 1])
                        half.append(UInt8((sum + 2) / 4))
                    }
                }
                start += planeWidth * planeHeight
            }
            return half
        }
        return Clip(
            description: "\(width / 2)x\(height / 2)", width: width / 2, height: height / 2, pictures: pictures)
    }

    /// Writes the first pictures for programs that read YUV4MPEG.
    func writeY4M(to url: URL, count: Int) throws {
        try Data().write(to: url)
        let file = try FileHandle(forWritingTo: url)
        try file.write(contentsOf: Data("YUV4MPEG2 W\(width) H\(height) F30:1 Ip A1:1 C420jpeg\n".utf8))
        for picture in pictures.prefix(count) {
            try file.write(contentsOf: Data("FRAME\n".utf8))
            try file.write(contentsOf: Data(picture))
        }
        try file.close()
    }
}

/// The benchmark can't go on.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
