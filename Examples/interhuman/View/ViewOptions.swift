import ArgumentParser
import Foundation
import TerminalView

/// When the live view is shown.
struct ViewOptions: ParsableArguments {
    /// How the user wants to see the session.
    enum Choice: String, ExpressibleByArgument, CaseIterable {
        case auto, on, off
    }

    @Option(
        help: ArgumentHelp(
            "A live view of picture, sound, network and results, instead of lines: auto, on or off.",
            discussion: """
                auto shows it when standard output and standard error are a terminal, and neither --json nor --verbose \
                is given. Keys: q finishes, p pauses, ? helps.
                """,
            valueName: "when"))
    var view = Choice.auto

    /// What the terminal of the view can show; nil for plain lines.
    ///
    /// - Parameter needsLines: What needs standard output or error for itself, by name; nil for nothing.
    /// - Throws: `ValidationError` when the view is asked for where it can't be.
    func profile(besides needsLines: String?) throws -> TerminalProfile? {
        guard view != .off else { return nil }
        let isAsked = view == .on
        if let needsLines {
            guard isAsked else { return nil }
            throw ValidationError("--view on and \(needsLines) exclude each other.")
        }
        guard isAsked || isatty(STDERR_FILENO) == 1 else { return nil }
        let profile = TerminalProfile(environment: ProcessInfo.processInfo.environment)
        guard profile.placesCursor else {
            guard isAsked else { return nil }
            throw ValidationError("--view on needs a terminal whose cursor can be placed; TERM names none.")
        }
        guard let terminal = Terminal() else {
            guard isAsked else { return nil }
            throw ValidationError("--view on needs standard output to be a terminal.")
        }
        guard isAsked || terminal.isForeground else { return nil }
        return profile
    }
}
