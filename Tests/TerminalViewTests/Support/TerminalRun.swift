import Foundation
import TestPrograms
import Testing

/// What `interhuman` did in a pseudo-terminal.
struct TerminalRun: Decodable {
    struct Observation: Decodable {
        var cooked: Bool
    }

    /// Exit status, or the negative number of the signal that ended it.
    var status: Int32
    /// Whether the terminal shows keys and gives lines again.
    var cooked: Bool
    /// What was seen while it was stopped.
    var observations: [Observation]
    /// All that it wrote, escape sequences included.
    var output: String

    static let enter = "\u{1B}[?1049h"
    static let leave = "\u{1B}[?1049l"

    /// What was written after the alternate screen was left last.
    var afterwards: String {
        output.range(of: Self.leave, options: .backwards).map { String(output[$0.upperBound...]) } ?? output
    }

    /// Whether the alternate screen was taken at all, and left as often as it was taken.
    var hasGivenBack: Bool {
        let parts = output.components(separatedBy: Self.enter)
        return parts.count > 1 && parts.dropFirst().allSatisfy { $0.components(separatedBy: Self.leave).count == 2 }
    }

    /// Runs the command and takes steps; see terminal.py.
    static func run(
        _ arguments: [String], size: (Int, Int) = (80, 24), steps: [[String]], environment: [String: String] = [:]
    ) async throws -> TerminalRun {
        let plan = try JSONSerialization.data(withJSONObject: ["size": [size.0, size.1], "steps": steps])
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "terminal.py").path(percentEncoded: false)
        let defaults = [
            "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "COLORTERM": "truecolor", "INTERHUMAN_API_KEY": "key",
            "NO_COLOR": "", "FORCE_COLOR": "", "TMUX": "",
        ]
        let program = try BuiltExecutable.path(of: "interhuman")
        let finished = try await FinishedProgram.run(
            "/usr/bin/env",
            ["python3", script, String(decoding: plan, as: UTF8.self), program] + arguments,
            environment: defaults.merging(environment) { _, new in new })
        try #require(finished.status == 0, "\(finished.errors)")
        return try JSONDecoder().decode(TerminalRun.self, from: Data(finished.output.utf8))
    }
}

/// `interhuman serve`, for as long as this object lives.
struct ServedService {
    let url: String
    private let program: RunningProgram

    init(_ arguments: [String] = []) async throws {
        program = try RunningProgram(
            try BuiltExecutable.path(of: "interhuman"), ["serve", "--plain", "--port", "0"] + arguments)
        let line = await program.output.firstLine { $0.contains("ready") } ?? ""
        let ready = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        url = ready?["url"] as? String ?? ""
    }
}
