import Foundation
import InterhumanLocalService
import TestPrograms
import Testing

/// The examples as a user runs them, against the local service.
@Suite("Examples", .timeLimit(.minutes(5)))
struct ExamplesTests {
    /// A conversation of 7 s, in small.
    private func conversation(in directory: TemporaryDirectory) async throws -> String {
        let path = directory.file("conversation.mp4")
        let made = try await FinishedProgram.run(
            "/usr/bin/ffmpeg",
            [
                "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=15:duration=7", "-f", "lavfi", "-i",
                "sine=frequency=180:duration=7", "-c:v", "mpeg4", "-c:a", "aac", path,
            ])
        try #require(made.status == 0, "\(made.errors)")
        return path
    }

    private func run(
        _ example: String, _ arguments: [String] = [], against service: LocalService? = nil
    ) async throws -> FinishedProgram {
        var environment = ["INTERHUMAN_API_KEY": "example-key"]
        environment["INTERHUMAN_URL"] = service?.baseURL
        return try await FinishedProgram.run(
            try BuiltExecutable.path(of: example), arguments, environment: environment)
    }

    @Test func codealong() async throws {
        let service = try await LocalService.start()
        let directory = try TemporaryDirectory()
        let result = try await run("Codealong", [try await conversation(in: directory)], against: service)
        await service.shutdown()
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("engagement: "))
        #expect(result.output.contains("conversation quality: "))
        #expect(result.output.contains("sent 3 segments"))
        let report = try #require(service.reports.last)
        #expect(report.findings.isEmpty, "\(report)")
    }

    @Test func analyseFile() async throws {
        let service = try await LocalService.start()
        let directory = try TemporaryDirectory()
        let result = try await run("AnalyseFile", [try await conversation(in: directory)], against: service)
        await service.shutdown()
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("sent up to 3.0 s"))
        #expect(result.output.contains("from s   to s     signal"))
    }

    @Test func signalsToTerminal() async throws {
        let service = try await LocalService.start()
        let result = try await run("SignalsToTerminal", ["synthetic"], against: service)
        await service.shutdown()
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("▬"))
        #expect(result.output.contains("  sent "))
    }

    @Test func customSource() async throws {
        let service = try await LocalService.start()
        let result = try await run("CustomSource", against: service)
        await service.shutdown()
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("sent 45 pictures"))
        #expect(service.reports.last?.videoFrameCount == 105)
        let findings = service.reports.last?.findings ?? []
        #expect(findings.isEmpty, "\(findings)")
    }

    @Test func customTransport() async throws {
        let result = try await run("CustomTransport")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("broker: segment 2"))
        #expect(result.output.contains("session: engaged from 3.0"))
        #expect(result.output.contains("session: 3 segments sent"))
    }

    @Test func recordSegments() async throws {
        let directory = try TemporaryDirectory()
        let result = try await run("RecordSegments", [directory.path])
        #expect(result.status == 0, "\(result.errors)")
        let joined = directory.file("joined.webm")
        let files = (0..<4).map { "\($0).webm" }
        let bytes = try files.reduce(into: Data()) { $0 += try Data(contentsOf: URL(filePath: directory.file($1))) }
        try bytes.write(to: URL(filePath: joined))
        let decoded = try await FinishedProgram.run(
            "/usr/bin/ffmpeg",
            ["-v", "error", "-xerror", "-i", joined, "-map", "0:v", "-f", "framemd5", "-"])
        #expect(decoded.status == 0, "\(decoded.errors)")
        #expect(decoded.output.split(separator: "\n").filter { !$0.hasPrefix("#") }.count == 150)
    }

    /// No backtrace, but what is missing.
    @Test func withoutAKeyTheVariableIsNamed() async throws {
        let directory = try TemporaryDirectory()
        let result = try await FinishedProgram.run(
            try BuiltExecutable.path(of: "Codealong"), [try await conversation(in: directory)],
            environment: ["INTERHUMAN_API_KEY": ""])
        #expect(result.status == 1)
        #expect(result.output.contains("INTERHUMAN_API_KEY"))
        #expect(!result.errors.contains("Fatal error"))
    }

    /// With a camera it runs in the VM; here it says what is missing.
    @Test func streamCameraWithoutACamera() async throws {
        let service = try await LocalService.start()
        let result = try await run("StreamCamera", ["/dev/video-that-is-not-there"], against: service)
        await service.shutdown()
        #expect(result.status == 1)
        #expect(result.output.contains("/dev/video-that-is-not-there"))
    }
}
