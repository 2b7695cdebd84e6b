import Foundation
import TestPrograms
import Testing

/// `--dashboard` as browsers and others meet it.
@Suite struct DashboardTests {
    private struct Visit: Decodable {
        var token: String
        var page, script, localhost: Int
        var headers: [String: String]
        var mentions: Bool
        var refused: [String: Int]
        var names: [[String]]
        var over: [Bool]
    }

    private static func url(_ line: String) -> String {
        line.dropFirst("dashboard".count).trimmingCharacters(in: .whitespaces)
    }

    private var script: String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "visit.py").path(percentEncoded: false)
    }

    /// Whoever does not come from the page itself gets nothing; browsers that read nothing hold up nobody.
    @Test(.timeLimit(.minutes(3))) func onlyThePageItselfIsAnswered() async throws {
        let service = try await LocalRun()
        let session = try service.start(["--synthetic", "--dashboard", "0"])
        let line = try #require(await session.errors.firstLine { $0.hasPrefix("dashboard ") })
        let visitor = try RunningProgram("/usr/bin/python3", [script, Self.url(line)])
        #expect(await visitor.errors.firstLine { $0 == "watching" } != nil)
        #expect(await session.errors.firstLine { $0.hasPrefix("sent        segment 1") } != nil)
        session.send(signal: SIGINT)
        #expect(await session.waitUntilExit() == 0)
        let visit = try JSONDecoder().decode(Visit.self, from: Data(await visitor.output.text().utf8))
        #expect(visit.token.count == 32 && visit.page == 200 && visit.script == 200 && visit.localhost == 200)
        #expect(!visit.mentions)
        for (what, status) in visit.refused { #expect([403, 404, 405].contains(status), "\(what): \(status)") }
        #expect(visit.headers["cache-control"] == "no-store")
        #expect(visit.headers["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
        #expect(visit.names.allSatisfy { $0.contains("content") && $0.contains("picture") && $0.contains("figures") })
        #expect(visit.names.allSatisfy { $0.last == "over" } && visit.over == [true, true])
    }

    @Test(.timeLimit(.minutes(2))) func aReplayHasADashboardToo() async throws {
        let service = try await LocalRun()
        let directory = try TemporaryDirectory()
        let kept = directory.file("kept")
        #expect(try await service.stream(["--synthetic", "--unpaced", "--duration", "5", "--keep", kept]).status == 0)
        let replay = try await LocalRun.replay([kept, "--unpaced", "--dashboard", "0"])
        #expect(replay.status == 0 && replay.errors.contains("dashboard   http://127.0.0.1:"))
    }

    /// The address of a fixed port outlives the program, so that an open page finds the next run.
    @Test(.timeLimit(.minutes(2))) func aFixedPortKeepsItsAddress() async throws {
        let service = try await LocalRun()
        let directory = try TemporaryDirectory()
        let environment = ["XDG_RUNTIME_DIR": directory.path]
        let first = try service.start(["--synthetic", "--dashboard", "0"], environment: environment)
        let line = try #require(await first.errors.firstLine { $0.hasPrefix("dashboard ") })
        let port = try #require(URL(string: Self.url(line))?.port)
        first.send(signal: SIGINT)
        _ = await first.waitUntilExit()
        var addresses: [String] = []
        for _ in 0..<2 {
            let session = try service.start(["--synthetic", "--dashboard", "\(port)"], environment: environment)
            // Somebody else may have taken the port meanwhile: then there is nothing to be seen.
            guard let line = await session.errors.firstLine(where: { $0.hasPrefix("dashboard ") }) else { return }
            addresses.append(Self.url(line))
            session.send(signal: SIGINT)
            _ = await session.waitUntilExit()
        }
        #expect(addresses[0] == addresses[1] && addresses[0] != Self.url(line))
        let path = "\(directory.path)/interhuman/dashboard-\(port)"
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
}
