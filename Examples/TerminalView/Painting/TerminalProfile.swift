/// What a terminal can show, as its environment tells.
public struct TerminalProfile: Sendable, Hashable {
    /// How many colours it has.
    public var depth: ColorDepth
    /// Whether it shows more than ASCII.
    public var isUnicode: Bool
    /// Whether the cursor can be placed; without that there is no view.
    public var placesCursor: Bool

    /// Creates a profile.
    public init(depth: ColorDepth, isUnicode: Bool, placesCursor: Bool = true) {
        (self.depth, self.isUnicode, self.placesCursor) = (depth, isUnicode, placesCursor)
    }

    /// Reads the profile from environment variables: `TERM`, `COLORTERM`, `NO_COLOR`, `FORCE_COLOR`, `TMUX`, and the
    /// locale's `LC_ALL`, `LC_CTYPE` and `LANG`.
    public init(environment: [String: String]) {
        let term = environment["TERM"]?.lowercased() ?? ""
        placesCursor = !["", "dumb", "unknown"].contains(term)
        depth = placesCursor ? Self.depth(term, environment) : .monochrome
        isUnicode = Self.isUnicode(environment)
    }

    private static func depth(_ term: String, _ environment: [String: String]) -> ColorDepth {
        // https://no-color.org; FORCE_COLOR as Node.js reads it, which tells what TERM can't.
        if let value = environment["NO_COLOR"], !value.isEmpty { return .monochrome }
        switch environment["FORCE_COLOR"] {
        case "0", "false": return .monochrome
        case "1", "true": return .sixteen
        case "2": return .indexed256
        case "3": return .trueColor
        default: break
        }
        if term.hasPrefix("vt") || term.hasSuffix("-m") || term.hasSuffix("-mono") { return .monochrome }
        let announced = ["truecolor", "24bit"].contains(environment["COLORTERM"]?.lowercased() ?? "")
        let byName: ColorDepth =
            if isTrueColor(term) {
                .trueColor
            } else if term.contains("256color") {
                .indexed256
            } else {
                .sixteen
            }
        // GNU screen passes on the COLORTERM of the terminal that it runs in, but not its colours. tmux, which also
        // calls itself so, turns them into what its terminal has.
        let isScreen = term.hasPrefix("screen") && environment["TMUX"].map(\.isEmpty) ?? true
        return announced && !isScreen ? .trueColor : byName
    }

    private static func isTrueColor(_ term: String) -> Bool {
        term.hasSuffix("-direct")
            || ["xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour"].contains {
                term.hasPrefix($0)
            }
    }

    /// The first variable that says something decides (POSIX, Locale).
    private static func isUnicode(_ environment: [String: String]) -> Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let name = locale.lowercased()
        return name.contains("utf-8") || name.contains("utf8")
    }
}
