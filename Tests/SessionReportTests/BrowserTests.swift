import Foundation
import TestPrograms
import Testing

/// Report and dashboard in Chromium.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium"), "Chromium is not installed."))
struct BrowserTests {
    private struct Seen: Decodable {
        struct Tip: Decodable {
            var text: String
            var inside: Bool
        }
        var title: String
        var faint, doubled, dangling, requests, console: [String]
        var scripts, images, broken, bars, rows: Int
        var tooWide: Bool
        var text: String
        var tip: Tip?
    }

    private func look(at url: String, _ arguments: [String] = []) async throws -> Seen {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "browse.py")
        let result = try await FinishedProgram.run(
            "/usr/bin/python3", [script.path(percentEncoded: false), url] + arguments)
        try #require(result.status == 0, "\(result.errors)")
        return try JSONDecoder().decode(Seen.self, from: Data(result.output.utf8))
    }

    @Test(.timeLimit(.minutes(4))) func theReportIsSound() async throws {
        let service = try await LocalRun(["--fault", "1x message=3: kill", "--fault", "shed=12-15"])
        let directory = try TemporaryDirectory()
        let report = directory.file("report.html")
        let session = try await service.stream(["--synthetic", "--unpaced", "--duration", "30", "--report", report])
        #expect(session.status == 0, "\(session.errors)")
        for (size, scheme) in [("1280x900", "light"), ("390x800", "dark"), ("2400x1400", "light")] {
            let seen = try await look(
                at: "file://\(report)", ["--size", size, "--scheme", scheme, "--hover", ".lane.signal .bar"])
            #expect(seen.console == [] && seen.requests == [] && seen.scripts == 0)
            #expect(seen.faint == [] && seen.doubled == [] && seen.dangling == [], "\(size) \(scheme)")
            #expect(seen.images > 0 && seen.broken == 0 && seen.bars > 0 && seen.rows > 0 && !seen.tooWide)
            let tip = try #require(seen.tip)
            #expect(tip.text.contains("Measured over the last") && tip.inside, "\(tip)")
            #expect(seen.text.contains("not Interhuman's models"))
        }
    }

    @Test(.timeLimit(.minutes(4))) func theDashboardIsLive() async throws {
        let service = try await LocalRun()
        let session = try service.start(["--synthetic", "--dashboard", "0"])
        let line = try #require(await session.errors.firstLine { $0.hasPrefix("dashboard ") })
        let url = line.dropFirst("dashboard".count).trimmingCharacters(in: .whitespaces)
        let ready = """
            document.querySelector(".shot") && document.querySelector(".lane.signal .bar") \
            && document.getElementById("picture").naturalWidth > 0 && document.querySelectorAll("#figures dd").length > 2
            """
        let seen = try await look(at: url, ["--wait", ready])
        #expect(seen.console == [] && seen.broken == 0 && seen.faint == [] && !seen.tooWide)
        #expect(seen.requests.allSatisfy { $0.hasPrefix(url) } && !seen.requests.isEmpty, "\(seen.requests)")
        #expect(seen.text.contains("Live") && seen.text.contains("Queue") && seen.text.contains("Running"))
        session.send(signal: SIGINT)
        #expect(await session.waitUntilExit() == 0)
    }
}
