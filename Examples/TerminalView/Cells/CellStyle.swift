/// How a cell looks.
public struct CellStyle: Sendable, Hashable {
    /// The colour of what is written; nil for the terminal's own.
    public var foreground: TerminalColor?
    /// The colour behind it; nil for the terminal's own.
    public var background: TerminalColor?
    public var isBold: Bool
    public var isDim: Bool
    public var isReversed: Bool

    /// Creates a style.
    public init(
        _ foreground: TerminalColor? = nil, on background: TerminalColor? = nil, isBold: Bool = false,
        isDim: Bool = false, isReversed: Bool = false
    ) {
        (self.foreground, self.background) = (foreground, background)
        (self.isBold, self.isDim, self.isReversed) = (isBold, isDim, isReversed)
    }

    /// The terminal's own look.
    public static let plain = CellStyle()

    /// The escape sequence that sets this style, whatever was set before.
    func escapeSequence(_ depth: ColorDepth) -> String {
        var parameters = ["0"]
        if isBold { parameters.append("1") }
        if isDim { parameters.append("2") }
        if isReversed { parameters.append("7") }
        if let foreground { depth.parameters(foreground, isBackground: false).map { parameters.append($0) } }
        if let background { depth.parameters(background, isBackground: true).map { parameters.append($0) } }
        return "\u{1B}[\(parameters.joined(separator: ";"))m"
    }
}
