import Foundation
import TestPrograms
import Testing

/// `interhuman` as a user runs it.
@Suite struct CommandTests {
    private static let key = "sekret-0123456789"

    @Test(.timeLimit(.minutes(2))) func serveAndStreamWorkTogether() async throws {
        let service = try await ServedService()
        let result = try await service.stream(["--synthetic", "--duration", "7", "--unpaced", "--json"])
        #expect(result.status == 0)
        let types = try result.output.split(separator: "\n").map { line in
            let envelope = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return try #require(envelope?["type"] as? String)
        }
        #expect(types.first == "session.ready")
        #expect(types.last == "session.ended")
        #expect(types.contains("engagement.updated"))
        #expect(types.contains("conversation_quality.updated"))
        #expect(result.errors.contains("sent        segment 0"))
    }

    @Test(.timeLimit(.minutes(2))) func whatIsSentCanBeKept() async throws {
        let service = try await ServedService()
        let directory = try TemporaryDirectory()
        let arguments = ["--duration", "7", "--unpaced", "--container", "fmp4", "--framing", "prefixed"]
        let result = try await service.stream(["--synthetic", "--keep", directory.path] + arguments)
        #expect(result.status == 0)
        let kept = try RecordedMessages(directory.path)
        #expect(kept.isComplete && kept.frames == [45, 45, 15])
        try kept.checkFiles()
        #expect(result.errors.split(separator: "\n").filter { $0.hasPrefix("sent ") }.count == 3)
    }

    @Test(.timeLimit(.minutes(2))) func theFirstInterruptionDrains() async throws {
        let service = try await ServedService()
        let program = try RunningProgram(
            try BuiltExecutable.path(of: "interhuman"), service.arguments(["--synthetic"]),
            environment: ["INTERHUMAN_API_KEY": Self.key])
        let sent = await program.errors.firstLine { $0.hasPrefix("sent ") }
        #expect(sent != nil)
        program.send(signal: SIGINT)
        let output = await program.output.text()
        #expect(await program.waitUntilExit() == 0)
        #expect(output.contains("session.ended"))
    }

    @Test(.timeLimit(.minutes(2))) func theSecondInterruptionCancels() async throws {
        let server = try ScriptedServer(.silence)
        let program = try RunningProgram(
            try BuiltExecutable.path(of: "interhuman"),
            ["stream", "--synthetic", "--url", "ws://127.0.0.1:\(server.port)"],
            environment: ["INTERHUMAN_API_KEY": Self.key])
        await server.accepted()
        program.send(signal: SIGINT)
        program.send(signal: SIGINT)
        #expect(await program.waitUntilExit() == 130)
    }

    @Test(.timeLimit(.minutes(2))) func theKeyIsNotInTheLog() async throws {
        let service = try await ServedService()
        let result = try await service.stream(["--synthetic", "--duration", "2", "--unpaced", "--verbose"])
        #expect(result.status == 0)
        #expect(result.errors.contains("Authorization: [redacted]"))
        #expect(!(result.errors + result.output).contains(Self.key))
    }

    // MARK: What can go wrong

    @Test(.timeLimit(.minutes(1))) func aMissingKeyIsACredentialError() async throws {
        let result = try await stream(["--synthetic", "--url", "ws://127.0.0.1:9"], key: "")
        #expect(result.status == 77)
        #expect(result.errors.contains("INTERHUMAN_API_KEY"))
    }

    @Test(.timeLimit(.minutes(1))) func aWrongKeyIsACredentialError() async throws {
        let service = try await ServedService(arguments: ["--api-key", "another-key"])
        let result = try await service.stream(["--synthetic"])
        #expect(result.status == 77)
        #expect(result.errors.contains("ih2001"))
        #expect(!result.errors.contains(Self.key))
    }

    @Test(.timeLimit(.minutes(1))) func anUnreachableServiceIsAConnectionError() async throws {
        let port = try ScriptedServer.unusedPort()
        let result = try await stream(["--synthetic", "--url", "ws://127.0.0.1:\(port)"])
        #expect(result.status == 69)
        #expect(result.errors.contains("unreachable"))
    }

    @Test(.timeLimit(.minutes(1))) func anUntrustedCertificateIsAConnectionError() async throws {
        let service = try await ServedService()
        let result = try await stream(["--synthetic", "--url", service.url])
        #expect(result.status == 69)
        #expect(result.errors.contains("certificateRejected"))
        #expect(result.errors.contains("--ca"))
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            (ScriptedServer.Behaviour.answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"), "200"),
            (.answer("SSH-2.0-OpenSSH_9.2p1 Debian\r\n"), "notWebSocket"),
            (.answer("\u{0}\u{1}\u{2}garbage\r\n\r\n\r\n"), "notWebSocket"),
            (.close, "connectionLost"),
            (.answer("HTTP/1.1 301 Moved\r\nLocation: https://elsewhere.example/\r\n\r\n"), "elsewhere.example"),
        ])
    func aServerThatIsNoServiceIsAConnectionError(behaviour: ScriptedServer.Behaviour, word: String) async throws {
        let server = try ScriptedServer(behaviour)
        let result = try await stream(["--synthetic", "--url", "ws://127.0.0.1:\(server.port)"])
        #expect(result.status == 69)
        #expect(result.errors.contains(word), "\(result.errors)")
    }

    @Test(.timeLimit(.minutes(1))) func aMissingFileIsACaptureError() async throws {
        let result = try await stream(["--input", "/nowhere/at-all.mp4"])
        #expect(result.status == 66)
        #expect(result.errors.contains("/nowhere/at-all.mp4"))
    }

    @Test(.timeLimit(.minutes(1))) func anUndecodableFileIsACaptureError() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("notes.mp4")
        try Data("These are not moving pictures.\n".utf8).write(to: URL(filePath: path))
        let result = try await stream(["--input", path])
        #expect(result.status == 66)
        #expect(result.errors.contains("undecodable"))
    }

    @Test(.timeLimit(.minutes(2))) func aFileWithoutSoundWantsSilence() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("silent.mkv")
        let made = try await FinishedProgram.run(
            "/usr/bin/ffmpeg",
            ["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=15:duration=4", "-c:v", "ffv1", path])
        try #require(made.status == 0)

        let refused = try await stream(["--input", path])
        #expect(refused.status == 66)
        #expect(refused.errors.contains("--silence"))

        let service = try await ServedService()
        let accepted = try await service.stream(["--input", path, "--silence", "--unpaced"])
        #expect(accepted.status == 0)
        #expect(accepted.output.contains("session.ended"))
    }

    @Test(.timeLimit(.minutes(2)), arguments: [("v1", false), ("v2", true)])
    func withoutSoundSilenceGoesOnlyWhereItIsNeeded(version: String, isSilence: Bool) async throws {
        let service = try await ServedService()
        let result = try await service.stream([
            "--synthetic", "--no-audio", "--api-version", version, "--duration", "4", "--unpaced",
        ])
        #expect(result.status == 0)
        let capturing = try #require(result.errors.split(separator: "\n").first { $0.hasPrefix("capturing") })
        #expect(capturing.contains("silence") == isSilence)
        #expect(result.errors.contains("has no audio") != isSilence)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ["stream", "--no-audio", "--silence"], ["stream", "--no-audio", "--microphone", "x"],
            ["stream", "--fps", "500"],
            ["stream", "--synthetic", "--camera", "x"], ["stream", "--size", "large"], ["stream", "--unpaced"],
            ["stream", "--synthetic", "--input", "x"], ["stream", "--synthetic", "--url", "api.example"],
            ["stream", "--synthetic", "--api-version", "v3"], ["stream", "--synthetic", "--include", "everything"],
            ["stream", "--synthetic", "--duration", "-1"], ["stream", "--synthetic", "--model", "inter-2"],
            ["stream", "--synthetic", "--ca", "x", "--url", "ws://127.0.0.1:9"], ["serve", "--port", "70000"],
        ])
    func wrongUsageIsSaid(arguments: [String]) async throws {
        let result = try await FinishedProgram.run(
            try BuiltExecutable.path(of: "interhuman"), arguments, environment: ["INTERHUMAN_API_KEY": Self.key])
        #expect(result.status == 64)
        #expect(!result.errors.isEmpty)
    }

    private func stream(_ arguments: [String], key: String = key) async throws -> FinishedProgram {
        try await FinishedProgram.run(
            try BuiltExecutable.path(of: "interhuman"), ["stream"] + arguments,
            environment: ["INTERHUMAN_API_KEY": key])
    }

    /// A running `interhuman serve`.
    private struct ServedService {
        let url: String
        private let authority: String
        private let directory: TemporaryDirectory
        private let program: RunningProgram

        init(arguments: [String] = []) async throws {
            directory = try TemporaryDirectory()
            program = try RunningProgram(
                try BuiltExecutable.path(of: "interhuman"),
                ["serve", "--certificate-directory", directory.file("certificate")] + arguments)
            let line = try #require(await program.output.firstLine { _ in true })
            let ready = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
            #expect(ready["event"] == "ready")
            url = try #require(ready["url"])
            authority = try #require(ready["ca"])
        }

        func arguments(_ more: [String]) -> [String] {
            ["stream", "--url", url, "--ca", authority] + more
        }

        func stream(_ more: [String]) async throws -> FinishedProgram {
            try await FinishedProgram.run(
                try BuiltExecutable.path(of: "interhuman"), arguments(more),
                environment: ["INTERHUMAN_API_KEY": CommandTests.key])
        }
    }
}
