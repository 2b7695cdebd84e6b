import Foundation
import TestPrograms
import Testing

/// The man page says what the commands say.
@Suite(.timeLimit(.minutes(2))) struct ManualTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let page = root.appending(path: "Documentation/interhuman.1").path(percentEncoded: false)

    @Test func isCurrent() async throws {
        let check = try await FinishedProgram.run(
            Self.root.appending(path: "Scripts/manual.sh").path(percentEncoded: false), ["--check"],
            environment: ["INTERHUMAN_PROGRAM": try BuiltExecutable.path(of: "interhuman")])
        #expect(check.status == 0, "\(check.output)\(check.errors)")
    }

    @Test func namesEveryCommandAndVariable() throws {
        let text = try String(contentsOfFile: Self.page, encoding: .utf8)
        for word in ["stream", "record", "serve", "devices", "doctor"] { #expect(text.contains(".Cm \(word)")) }
        for word in ["URL", "API_KEY", "CA", "CAMERA"] { #expect(text.contains(".It Ev INTERHUMAN_\(word)")) }
        for status in ["0", "64", "66", "69", "70", "77", "130"] { #expect(text.contains(".It \(status)\n")) }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/mandoc"), "mandoc is not installed"))
    func isCorrect() async throws {
        let lint = try await FinishedProgram.run("/usr/bin/mandoc", ["-T", "lint", "-W", "style", Self.page])
        #expect(lint.output.isEmpty && lint.errors.isEmpty, "\(lint.output)")
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/man"), "man is not installed"))
    func isShownWithoutAWarning() async throws {
        let shown = try await FinishedProgram.run(
            "/usr/bin/man", ["--warnings", "-l", Self.page], environment: ["MANPAGER": "cat", "LC_ALL": "C.UTF-8"])
        #expect(shown.status == 0)
        #expect(shown.errors.isEmpty, "\(shown.errors)")
        #expect(shown.output.contains("INTERHUMAN_API_KEY"))
    }
}
