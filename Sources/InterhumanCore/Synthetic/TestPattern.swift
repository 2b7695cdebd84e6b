/// Paints the pictures of ``TestPatternVideoSource``: a still background, a figure that moves, the number twice.
///
/// The whole picture is a function of size, frame rate and number. I420, BT.601, limited range.
struct TestPattern: Sendable {
    let width: Int
    let height: Int
    let frameRate: Double
    private let background: [UInt8]
    private let blueChroma: [UInt8]
    private let redChroma: [UInt8]

    /// Seconds of motion and, after it, of calm.
    static let phaseSeconds = 4.0

    /// Prepares the still parts. Sizes are even and at least 64 by 48 pixels; `frameRate` is in frames a second.
    init(width: Int, height: Int, frameRate: Double) {
        self.width = width
        self.height = height
        self.frameRate = frameRate
        // A slope of grey: every place differs from its neighbours, so that a moved figure leaves a trace everywhere.
        background = (0..<width * height).map { UInt8(56 + ($0 % width) * 64 / width + ($0 / width) * 64 / height) }
        let chroma = (0..<(width / 2) * (height / 2)).map { $0 % (width / 2) * 64 / (width / 2) }
        blueChroma = chroma.map { UInt8(96 + $0) }
        redChroma = chroma.map { UInt8(160 - $0) }
    }

    /// The planes of the picture of a number.
    func planes(for number: Int) -> [(bytes: [UInt8], bytesPerRow: Int)] {
        var luminance = background
        luminance.withUnsafeMutableBufferPointer { pixels in
            drawFigure(number, into: pixels)
            drawDigits(number, into: pixels)
            drawBlocks(number, into: pixels)
        }
        return [(luminance, width), (blueChroma, width / 2), (redChroma, width / 2)]
    }

    /// Seconds that the figure has been moving for when the picture of this number is taken.
    func secondsOfMotion(at number: Int) -> Double {
        let seconds = Double(number) / frameRate
        let cycles = (seconds / (2 * Self.phaseSeconds)).rounded(.down)
        let intoCycle = seconds - cycles * 2 * Self.phaseSeconds
        return cycles * Self.phaseSeconds + min(intoCycle, Self.phaseSeconds)
    }

    /// A square of bright and dark stripes that runs to and fro, a length of the picture in two seconds. Stripes make
    /// motion plain: every one leaves a change where it was and where it is.
    private func drawFigure(_ number: Int, into pixels: UnsafeMutableBufferPointer<UInt8>) {
        let size = height / 2
        let way = Double(width - size)
        let place = (secondsOfMotion(at: number) / 2).truncatingRemainder(dividingBy: 2)
        let left = Int((place < 1 ? place : 2 - place) * way)
        let rows = (height / 4)..<(height / 4 + size)
        let stripeCount = 7
        for stripe in 0..<stripeCount {
            let columns = (left + stripe * size / stripeCount)..<(left + (stripe + 1) * size / stripeCount)
            fill(columns, rows, with: stripe % 2 == 0 ? 220 : 30, in: pixels)
        }
    }

    /// The number in eight digits, white on black, above.
    private func drawDigits(_ number: Int, into pixels: UnsafeMutableBufferPointer<UInt8>) {
        let digitCount = 8
        let dot = max(1, min(height / 48, width / (digitCount * (DigitFont.width + 1) + 2)))
        let left = dot, top = dot
        fill(
            0..<(digitCount * (DigitFont.width + 1) + 1) * dot + left, 0..<(DigitFont.height + 2) * dot, with: 16,
            in: pixels)
        var rest = number
        for position in (0..<digitCount).reversed() {
            let origin = left + position * (DigitFont.width + 1) * dot
            for (row, bits) in DigitFont.rows(of: rest % 10).enumerated() {
                for column in 0..<DigitFont.width where bits >> UInt8(DigitFont.width - 1 - column) & 1 == 1 {
                    let x = origin + column * dot, y = top + row * dot
                    fill(x..<(x + dot), y..<(y + dot), with: 235, in: pixels)
                }
            }
            rest /= 10
        }
    }

    /// The number as ``FrameCounter`` reads it, below.
    private func drawBlocks(_ number: Int, into pixels: UnsafeMutableBufferPointer<UInt8>) {
        let rows = FrameCounter.rows(inHeight: height)
        for (block, isWhite) in FrameCounter.blocks(for: number).enumerated() {
            let columns = (block * width / FrameCounter.blockCount)..<((block + 1) * width / FrameCounter.blockCount)
            fill(columns, rows, with: isWhite ? 235 : 16, in: pixels)
        }
    }

    private func fill(
        _ columns: Range<Int>, _ rows: Range<Int>, with value: UInt8, in pixels: UnsafeMutableBufferPointer<UInt8>
    ) {
        let columns = columns.clamped(to: 0..<width)
        for row in rows.clamped(to: 0..<height) {
            let start = row * width + columns.lowerBound
            pixels[start..<(start + columns.count)].update(repeating: value)
        }
    }
}
