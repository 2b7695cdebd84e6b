/// A colour of the screen, 8 bits a channel.
public struct TerminalColor: Sendable, Hashable {
    public var red: UInt8
    public var green: UInt8
    public var blue: UInt8

    /// Creates a colour of its channels.
    public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        (self.red, self.green, self.blue) = (red, green, blue)
    }

    /// Whether it is no shade of grey.
    var hasHue: Bool { max(red, green, blue) - min(red, green, blue) > 64 }

    /// Brightness as the eye weighs the channels (ITU-R BT.601), 0 to 255.
    var luminance: Int { (299 * Int(red) + 587 * Int(green) + 114 * Int(blue)) / 1000 }

    /// The colour between this one and another; 0 is this one.
    func mixed(with other: TerminalColor, _ share: Double) -> TerminalColor {
        let share = min(max(share, 0), 1)
        let mix = { (from: UInt8, to: UInt8) in
            UInt8(clamping: Int((Double(from) + (Double(to) - Double(from)) * share).rounded()))
        }
        return TerminalColor(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
    }
}

/// How many colours a terminal has.
public enum ColorDepth: Int, Sendable, Hashable, Comparable, CaseIterable {
    /// None: what colour would say is said by bold and dim.
    case monochrome
    /// The sixteen that every terminal lets its user choose.
    case sixteen
    /// xterm's palette: a cube of 216 and 24 greys.
    case indexed256
    /// 24 bits.
    case trueColor

    public static func < (left: ColorDepth, right: ColorDepth) -> Bool { left.rawValue < right.rawValue }

    /// The SGR parameters that choose a colour (ECMA-48, xterm's ctlseqs); nil where there are no colours.
    func parameters(_ color: TerminalColor, isBackground: Bool) -> String? {
        switch self {
        case .monochrome:
            return nil
        case .sixteen:
            let index = Palette.nearest16(color)
            let base = (isBackground ? 40 : 30) + (index >= 8 ? 60 : 0)
            return "\(base + index % 8)"
        case .indexed256:
            return "\(isBackground ? 48 : 38);5;\(Palette.nearest256(color))"
        case .trueColor:
            return "\(isBackground ? 48 : 38);2;\(color.red);\(color.green);\(color.blue)"
        }
    }
}

/// xterm's palettes.
enum Palette {
    /// Levels of the 6x6x6 cube.
    private static let levels = [0, 95, 135, 175, 215, 255]

    static let sixteen: [TerminalColor] = [
        TerminalColor(0, 0, 0), TerminalColor(205, 0, 0), TerminalColor(0, 205, 0), TerminalColor(205, 205, 0),
        TerminalColor(0, 0, 238), TerminalColor(205, 0, 205), TerminalColor(0, 205, 205), TerminalColor(229, 229, 229),
        TerminalColor(127, 127, 127), TerminalColor(255, 0, 0), TerminalColor(0, 255, 0), TerminalColor(255, 255, 0),
        TerminalColor(92, 92, 255), TerminalColor(255, 0, 255), TerminalColor(0, 255, 255),
        TerminalColor(255, 255, 255),
    ]

    /// What has a hue keeps one, though a grey may be nearer.
    static func nearest16(_ color: TerminalColor) -> Int {
        var best = (index: 0, distance: Int.max)
        for (index, candidate) in sixteen.enumerated() where !color.hasHue || candidate.hasHue {
            let distance = distance(color, Int(candidate.red), Int(candidate.green), Int(candidate.blue))
            if distance < best.distance { best = (index, distance) }
        }
        return best.index
    }

    static func nearest256(_ color: TerminalColor) -> Int {
        let (red, green, blue) = (level(color.red), level(color.green), level(color.blue))
        let inCube = distance(color, levels[red], levels[green], levels[blue])
        let mean = (Int(color.red) + Int(color.green) + Int(color.blue)) / 3
        let step = min(max((mean - 3) / 10, 0), 23)
        let grey = 8 + 10 * step
        return distance(color, grey, grey, grey) < inCube ? 232 + step : 16 + 36 * red + 6 * green + blue
    }

    private static func level(_ value: UInt8) -> Int {
        switch value {
        case ..<48: 0
        case ..<115: 1
        default: min(5, (Int(value) - 35) / 40)
        }
    }

    private static func distance(_ color: TerminalColor, _ red: Int, _ green: Int, _ blue: Int) -> Int {
        let (r, g, b) = (Int(color.red) - red, Int(color.green) - green, Int(color.blue) - blue)
        return r * r + g * g + b * b
    }
}
