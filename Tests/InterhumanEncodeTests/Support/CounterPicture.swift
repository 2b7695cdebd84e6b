import InterhumanCore

/// A moving picture with its number in it: 16 black or white squares along the top, the lowest bit on the right.
struct CounterPicture {
    var width = 320
    var height = 180

    var format: VideoFormat {
        VideoFormat(width: width, height: height, pixelFormat: .i420, range: .limited)
    }

    /// The picture of that number, taken at `time`.
    func frame(_ number: Int, at time: MediaTime) -> VideoFrame {
        var luma = [UInt8](repeating: 0, count: width * height)
        for y in 0..<height {
            for x in 0..<width {
                // A gradient that moves two pixels a frame.
                luma[y * width + x] = UInt8(60 + (x + y + 2 * number) % 128)
            }
        }
        for bit in 0..<16 {
            let value: UInt8 = number & (1 << (15 - bit)) == 0 ? 16 : 235
            let (left, right) = (bit * width / 16, (bit + 1) * width / 16)
            for y in 0..<(height / 6) {
                for x in left..<right { luma[y * width + x] = value }
            }
        }
        let (chromaWidth, chromaHeight) = ((width + 1) / 2, (height + 1) / 2)
        let chroma = [UInt8](repeating: 128, count: chromaWidth * chromaHeight)
        return VideoFrame(
            format: format, captureTime: time, sequence: UInt64(number),
            storage: OwnedVideoStorage(planes: [(luma, width), (chroma, chromaWidth), (chroma, chromaWidth)]))
    }

    /// Reads the number out of a picture with a luminance plane.
    static func number(in frame: VideoFrame) -> Int {
        let (width, height) = (frame.format.width, frame.format.height)
        return frame.storage.withPlanes { planes in
            var number = 0
            for bit in 0..<16 {
                let x = (2 * bit + 1) * width / 32
                let value = planes[0].bytes[(height / 12) * planes[0].bytesPerRow + x]
                number = number << 1 | (value > 125 ? 1 : 0)
            }
            return number
        }
    }
}
