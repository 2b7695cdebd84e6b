import Foundation
import TestPrograms
import Testing

/// Environment variables that stand in for options.
@Suite(.timeLimit(.minutes(2))) struct SettingVariableTests {
    private func run(_ arguments: [String], _ environment: [String: String]) async throws -> FinishedProgram {
        try await FinishedProgram.run(
            try BuiltExecutable.path(of: "interhuman"), arguments,
            environment: ["INTERHUMAN_API_KEY": "key", "PULSE_SERVER": "unix:/nonexistent/native"]
                .merging(environment) { _, new in new })
    }

    @Test func theUrlIsTakenFromTheEnvironmentAndTheOptionWins() async throws {
        let (first, second) = (try ScriptedServer.unusedPort(), try ScriptedServer.unusedPort())
        let variables = ["INTERHUMAN_URL": "ws://127.0.0.1:\(first)"]
        let byVariable = try await run(["stream", "--synthetic"], variables)
        #expect(byVariable.status == 69 && byVariable.errors.contains("port \(first)"), "\(byVariable.errors)")
        let byOption = try await run(["stream", "--synthetic", "--url", "ws://127.0.0.1:\(second)"], variables)
        #expect(byOption.status == 69 && byOption.errors.contains("port \(second)"), "\(byOption.errors)")
    }

    @Test(arguments: [
        ("INTERHUMAN_URL", "nowhere", "scheme"), ("INTERHUMAN_API_VERSION", "v9", "v1 or v2, not 'v9'"),
        ("INTERHUMAN_CA", "/nowhere/ca.pem", "/nowhere/ca.pem"), ("INTERHUMAN_MODEL", "inter-2", "--api-version v2"),
        ("INTERHUMAN_CONTAINER", "avi", "webm, fmp4, mp4, mpegts, not 'avi'"),
    ])
    func aWrongValueIsToldByTheVariablesName(variable: String, value: String, word: String) async throws {
        let result = try await run(["stream", "--synthetic"], [variable: value])
        #expect(result.status == 64)
        #expect(result.errors.contains(variable) && result.errors.contains(word), "\(result.errors)")
    }

    @Test(arguments: [
        ("INTERHUMAN_URL", "nowhere", ["--url", "ws://127.0.0.1:1"]),
        ("INTERHUMAN_API_VERSION", "v9", ["--api-version", "v2", "--url", "ws://127.0.0.1:1"]),
        ("INTERHUMAN_CONTAINER", "avi", ["--container", "webm", "--url", "ws://127.0.0.1:1"]),
    ])
    func aWrongValueDoesNoHarmBesideTheOption(variable: String, value: String, options: [String]) async throws {
        let result = try await run(["stream", "--synthetic"] + options, [variable: value])
        #expect(result.status == 69, "\(result.errors)")
    }

    @Test func theContainerIsTakenFromTheEnvironment() async throws {
        let directory = try TemporaryDirectory()
        let result = try await run(
            ["record", directory.path + "/kept", "--synthetic", "--unpaced", "--duration", "4"],
            ["INTERHUMAN_CONTAINER": "mpegts"])
        #expect(result.status == 0, "\(result.errors)")
        let files = try FileManager.default.contentsOfDirectory(atPath: directory.path + "/kept")
        #expect(files.contains { $0.hasSuffix(".ts") }, "\(files)")
    }

    @Test func aCameraThatIsNotThereIsToldWithTheVariableThatNamesIt() async throws {
        let result = try await run(
            ["record", "/tmp/never-made", "--no-audio"], ["INTERHUMAN_CAMERA": "No such camera 17"])
        #expect(result.status == 66)
        #expect(result.errors.contains("INTERHUMAN_CAMERA names it: 'No such camera 17'"), "\(result.errors)")
        try? FileManager.default.removeItem(atPath: "/tmp/never-made")
    }
}
