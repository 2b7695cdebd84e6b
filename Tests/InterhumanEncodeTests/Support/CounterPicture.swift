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
        // A gradient that moves two pixels a frame: its rows are all cut from one.
        let ramp = (0..<width + 128).map { UInt8(60 + $0 % 128) }
        var luma: [UInt8] = []
        luma.reserveCapacity(width * height)
        for y in 0..<height {
            let start = (y + 2 * number) % 128
            luma += ramp[start..<start + width]
        }
        for bit in 0..<16 {
            let value: UInt8 = number & (1 << (15 - bit)) == 0 ? 16 : 235
            let (left, right) = (bit * width / 16, (bit + 1) * width / 16)
            let square = [UInt8](repeating: value, count: right - left)
            for y in 0..<(height / 6) {
                luma.replaceSubrange(y * width + left..<y * width + right, with: square)
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
        frame.storage.withPlanes { planes in
            number(
                inLuminance: planes[0].bytes, width: frame.format.width, height: frame.format.height,
                bytesPerRow: planes[0].bytesPerRow)
        }
    }

    /// Reads the number out of a luminance plane.
    static func number<Bytes: RandomAccessCollection<UInt8>>(
        inLuminance bytes: Bytes, width: Int, height: Int, bytesPerRow: Int
    ) -> Int where Bytes.Index == Int {
        var number = 0
        for bit in 0..<16 {
            let x = (2 * bit + 1) * width / 32
            number = number << 1 | (bytes[(height / 12) * bytesPerRow + x] > 125 ? 1 : 0)
        }
        return number
    }

    /// The luminance of the picture of that number.
    func luminance(_ number: Int) -> [UInt8] {
        frame(number, at: .zero).storage.withPlanes { Array($0[0].bytes) }
    }
}
