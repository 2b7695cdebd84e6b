import Foundation
import TestPrograms
import Testing

/// `interhuman devices` and `interhuman doctor` where there is no sound server, whatever cameras the machine has.
@Suite(.timeLimit(.minutes(2))) struct DeviceCommandTests {
    private static let key = "sekret-0123456789"

    private func run(_ arguments: [String], key: String = key) async throws -> FinishedProgram {
        try await FinishedProgram.run(
            try BuiltExecutable.path(of: "interhuman"), arguments,
            environment: ["INTERHUMAN_API_KEY": key, "PULSE_SERVER": "unix:/nonexistent/native"])
    }

    private func object(_ text: String) throws -> [String: Any] {
        #expect(text.split(separator: "\n").count == 1)
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func aListingThatIsNotWholeSaysWhyAndIsACaptureError() async throws {
        let text = try await run(["devices"])
        #expect(text.status == 66)
        #expect(text.errors.contains("audioServerUnavailable") && text.errors.contains("PULSE_SERVER is unix:"))
        let json = try await run(["devices", "--json"])
        #expect(json.status == 66)
        let listing = try object(json.output)
        #expect(listing["cameras"] is [Any] && (listing["microphones"] as? [Any])?.isEmpty == true)
        let problems = try #require(listing["problems"] as? [[String: Any]])
        #expect(problems.contains { $0["code"] as? String == "audioServerUnavailable" })
    }

    @Test func aWatchShowsWhatThereIsAndEndsWithASignal() async throws {
        let program = try RunningProgram(
            try BuiltExecutable.path(of: "interhuman"), ["devices", "--json", "--watch"],
            environment: ["PULSE_SERVER": "unix:/nonexistent/native"])
        let line = try #require(await program.output.firstLine { _ in true })
        #expect(try object(line)["problems"] is [Any])
        program.send(signal: SIGINT)
        #expect(await program.waitUntilExit() == 0)
    }

    @Test func theDoctorNamesWhatHindersAndTheRemedy() async throws {
        let text = try await run(["doctor", "--passive"])
        #expect(text.status == 1)
        let lines = text.output.split(separator: "\n")
        #expect(lines.allSatisfy { line in ["ok ", "warning ", "problem "].contains { line.hasPrefix($0) } })
        #expect(lines.contains { $0.hasPrefix("ok       codecs") && $0.contains("libavcodec") })
        #expect(lines.contains { $0.hasPrefix("problem  sound server") && $0.contains("Start PulseAudio") })
        #expect(lines.contains { $0.hasPrefix("ok       API key") })
        #expect(!(text.output + text.errors).contains(Self.key))
    }

    @Test func theDoctorsFindingsAreJSONToo() async throws {
        let json = try await run(["doctor", "--json", "--passive"], key: " ")
        #expect(json.status == 1)
        let document = try object(json.output)
        #expect(document["hinders"] as? Bool == true)
        let checks = try #require(document["checks"] as? [[String: Any]])
        for check in ["API key", "sound server"] {
            let finding = try #require(checks.first { $0["check"] as? String == check })
            #expect(finding["status"] as? String == "problem" && (finding["remedy"] as? String)?.isEmpty == false)
        }
    }
}
