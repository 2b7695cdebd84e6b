import InterhumanCore

/// vivid's test picture: eight bars at three quarters of full colour.
enum ColourBars {
    struct Colour: CustomStringConvertible {
        var red: Double
        var green: Double
        var blue: Double

        var description: String { "(\(Int(red)), \(Int(green)), \(Int(blue)))" }

        func isNear(_ other: Colour) -> Bool {
            abs(red - other.red) < 14 && abs(green - other.green) < 14 && abs(blue - other.blue) < 14
        }
    }

    /// White, yellow, cyan, green, magenta, red, blue, black.
    static let expected = [
        (1, 1, 1), (1, 1, 0), (0, 1, 1), (0, 1, 0), (1, 0, 1), (1, 0, 0), (0, 0, 1), (0, 0, 0),
    ].map { Colour(red: $0.0 * 191.0, green: $0.1 * 191.0, blue: $0.2 * 191.0) }

    /// The colour in the middle of a bar, low in the picture where no text is; nil for formats without colour.
    static func colour(of frame: VideoFrame, bar: Int) -> Colour? {
        let x = (frame.format.width * (2 * bar + 1) / 16) & ~1
        let y = (frame.format.height * 3 / 4) & ~1
        return frame.storage.withPlanes { planes in
            func byte(_ plane: Int, _ row: Int, _ column: Int) -> Double {
                Double(planes[plane].bytes[row * planes[plane].bytesPerRow + column])
            }
            switch frame.format.pixelFormat {
            case .yuyv: return colour(byte(0, y, 2 * x), byte(0, y, 2 * x + 1), byte(0, y, 2 * x + 3))
            case .uyvy: return colour(byte(0, y, 2 * x + 1), byte(0, y, 2 * x), byte(0, y, 2 * x + 2))
            case .nv12: return colour(byte(0, y, x), byte(1, y / 2, x), byte(1, y / 2, x + 1))
            case .nv21: return colour(byte(0, y, x), byte(1, y / 2, x + 1), byte(1, y / 2, x))
            case .i420: return colour(byte(0, y, x), byte(1, y / 2, x / 2), byte(2, y / 2, x / 2))
            case .rgb24:
                return Colour(red: byte(0, y, 3 * x), green: byte(0, y, 3 * x + 1), blue: byte(0, y, 3 * x + 2))
            case .bgr24:
                return Colour(red: byte(0, y, 3 * x + 2), green: byte(0, y, 3 * x + 1), blue: byte(0, y, 3 * x))
            default: return nil
            }
        }
    }

    /// BT.601, limited range.
    private static func colour(_ luma: Double, _ blue: Double, _ red: Double) -> Colour {
        let (y, u, v) = (1.164 * (luma - 16), blue - 128, red - 128)
        return Colour(red: y + 1.596 * v, green: y - 0.392 * u - 0.813 * v, blue: y + 2.017 * u)
    }
}
