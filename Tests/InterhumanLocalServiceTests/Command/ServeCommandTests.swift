import Foundation
import InterhumanCore
import InterhumanLocalService
import TestPrograms
import Testing

/// What `interhuman serve` can be told.
@Suite("interhuman serve", .timeLimit(.minutes(2)))
struct ServeCommandTests {
    private func client(_ service: ServedProcess) async throws -> ServiceClient {
        try await ServiceClient(baseURL: "ws://127.0.0.1:\(service.port)")
    }

    private func decode(_ line: String?) throws -> StreamReport {
        try JSONDecoder().decode(StreamReport.self, from: Data(try #require(line).utf8))
    }

    @Test("prints reports as JSON on standard output")
    func report() async throws {
        let service = try await ServedProcess(["--report"])
        let client = try await client(service)
        try await client.send(bytes: [UInt8](repeating: 0x42, count: 100))
        try await client.connection.requestClose()
        _ = await client.rest()
        let report = try decode(await service.output.firstLine { _ in true })
        #expect(report.correlationID == client.connection.correlationID)
        #expect(report.findings.map(\.code).contains(.mediaBeforeConfiguration))
        #expect(await service.stop() == 0)
    }

    @Test("adds reports to a file")
    func reportFile() async throws {
        let directory = try TemporaryDirectory()
        let file = directory.file("report.jsonl")
        for _ in 0..<2 {
            let service = try await ServedProcess(["--report", file])
            _ = try await client(service).run([])
            #expect(await service.stop() == 0)
        }
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 2)
        for line in lines { #expect(try decode(String(line)).findings.isEmpty) }
    }

    @Test("commits faults, and takes more over the control endpoint")
    func faults() async throws {
        let service = try await ServedProcess([
            "--control", "--fault", "1x refuse=ih3003", "--fault", "finish: close=1011",
        ])
        let (refused, _) = try await client(service).rest()
        #expect(refused.errors.map(\.code) == [.quotaExhausted])
        let (_, ending) = try await client(service).run([])
        #expect(ending?.closeCode == 1011)
        let curl = try await FinishedProgram.run(
            "/usr/bin/env",
            [
                "python3", "-c",
                """
                import sys, urllib.request
                request = urllib.request.Request(sys.argv[1], sys.argv[2].encode(), method="PUT")
                print(urllib.request.urlopen(request).read().decode())
                """, "http://127.0.0.1:\(service.port)/_control/faults", "[]",
            ])
        #expect(curl.output == "[]\n")
        let (messages, _) = try await client(service).run([])
        #expect(messages.types.last == "session.ended")
        #expect(await service.stop() == 0)
    }

    @Test("speaks an older generation, and lets only its key in")
    func dialectAndKey() async throws {
        let service = try await ServedProcess(["--dialect", "a", "--api-key", "test-key", "--maximum-sessions", "1"])
        let first = try await client(service)
        let second = await #expect(throws: ConnectionError.self) { _ = try await client(service) }
        #expect(second?.serviceError?.code == .concurrencyLimit)
        try await first.send(try await EncodedMedia.lively.value)
        #expect(await first.messages(until: "engagement.updated").types.contains("session.ready") == false)
        await first.connection.close()
        #expect(await service.stop() == 0)
    }

    @Test(
        "refuses what makes no sense",
        arguments: [["--fault", "bang"], ["--dialect", "z"], ["--maximum-connections", "0"]])
    func nonsense(arguments: [String]) async throws {
        let run = try await FinishedProgram.run(
            try BuiltExecutable.path(of: "interhuman"), ["serve", "--plain"] + arguments)
        #expect(run.status == 64)
    }
}
