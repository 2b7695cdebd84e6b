import Foundation
import InterhumanCore
import InterhumanEncode

/// How close decoded luminance comes to the original.
struct Quality {
    private var squaredError = 0.0
    private var pixelCount = 0
    private var similarity = 0.0
    private var windowCount = 0

    /// Peak signal-to-noise ratio over all pictures, in dB.
    var peakSignalToNoiseRatio: Double { 10 * log10(255 * 255 / (squaredError / Double(max(1, pixelCount)))) }
    /// Structural similarity (Wang et al. 2004) over windows of 8x8, 4 apart: 1 for the same.
    var structuralSimilarity: Double { similarity / Double(max(1, windowCount)) }

    /// Decodes a stream and compares its pictures one by one with the clip's.
    static func of(_ stream: [UInt8], against clip: Clip) async throws -> Quality {
        let decoder = MediaStreamDecoder()
        let feeding = Task {
            try await decoder.append(stream)
            await decoder.finish()
        }
        var quality = Quality()
        var number = 0
        for try await media in decoder.output {
            guard case .video(let frame, _) = media, number < clip.pictures.count else { continue }
            frame.storage.withPlanes { planes in
                quality.compare(planes[0], with: clip.pictures[number], width: clip.width, height: clip.height)
            }
            number += 1
        }
        try await feeding.value
        guard number > 0 else { throw BenchmarkError("Nothing was decoded.") }
        return quality
    }

    private mutating func compare(_ plane: VideoPlane, with original: [UInt8], width: Int, height: Int) {
        original.withUnsafeBufferPointer { original in
            for y in 0..<height {
                for x in 0..<width {
                    let difference = Int(plane.bytes[y * plane.bytesPerRow + x]) - Int(original[y * width + x])
                    squaredError += Double(difference * difference)
                }
            }
            for y in stride(from: 0, through: height - 8, by: 4) {
                for x in stride(from: 0, through: width - 8, by: 4) {
                    similarity += Self.similarity(plane, original, x: x, y: y, width: width)
                    windowCount += 1
                }
            }
        }
        pixelCount += width * height
    }

    private static func similarity(
        _ plane: VideoPlane, _ original: UnsafeBufferPointer<UInt8>, x: Int, y: Int, width: Int
    ) -> Double {
        var (sumA, sumB, squares, products) = (0, 0, 0, 0)
        for row in y..<y + 8 {
            for column in x..<x + 8 {
                let a = Int(plane.bytes[row * plane.bytesPerRow + column])
                let b = Int(original[row * width + column])
                sumA += a
                sumB += b
                squares += a * a + b * b
                products += a * b
            }
        }
        let (a, b) = (Double(sumA), Double(sumB))
        let variances = Double(squares) * 64 - a * a - b * b
        let covariance = Double(products) * 64 - a * b
        let (c1, c2) = (0.01 * 0.01 * 255 * 255 * 64 * 64, 0.03 * 0.03 * 255 * 255 * 64 * 63)
        return (2 * a * b + c1) * (2 * covariance + c2) / ((a * a + b * b + c1) * (variances + c2))
    }
}
