import Foundation
import TestPrograms
import Testing

/// `interhuman stream --report` and `--keep`, and `interhuman replay`, as a user runs them.
@Suite struct ReportCommandTests {
    private static let media = ["--synthetic", "--unpaced", "--duration", "25"]

    /// The report of a session is the report of its replay, byte for byte: both are made of the same events, and of
    /// pictures of what was sent. So are the lines, but for those of the command's own.
    @Test(
        .timeLimit(.minutes(3)),
        arguments: [["--container", "webm"], ["--container", "mp4", "--framing", "selfContained"]])
    func aReplayIsTheSession(arguments: [String]) async throws {
        let service = try await LocalRun(["--fault", "1x message=3: kill", "--fault", "shed=12-15"])
        let directory = try TemporaryDirectory()
        let (live, again) = (directory.file("live.html"), directory.file("again.html"))
        let kept = directory.file("kept")
        let session = try await service.stream(
            Self.media + arguments + ["--report", live, "--keep", kept, "--goal", "clarity"])
        #expect(session.status == 0, "\(session.errors)")
        let replay = try await LocalRun.replay([kept, "--unpaced", "--report", again])
        #expect(replay.status == 0, "\(replay.errors)")
        #expect(replay.output == session.output)
        #expect(replay.errors == session.errors)
        let (page, pageAgain) = (try contents(live), try contents(again))
        #expect(page == pageAgain)
        for words in [
            "data:image/jpeg", "no connection", "not analysed", "Feedback", "Ended: in order", "Conversation quality",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        #expect(try !contents("\(kept)/events.jsonl").contains(LocalRun.key) && !page.contains(LocalRun.key))
        let json = try await LocalRun.replay([kept, "--unpaced", "--json"])
        #expect(json.output.contains(#""type":"session.ended""#))
        #expect(json.output.split(separator: "\n").allSatisfy { $0.hasPrefix("{") })
    }

    /// What ended a session stands in both reports, in the session's words.
    @Test(.timeLimit(.minutes(2))) func aFailedSessionIsReplayedAsSuch() async throws {
        let service = try await LocalRun(["--fault", "message=3: error=ih3003", "--fault", "message=3: close=4029"])
        let directory = try TemporaryDirectory()
        let (live, again, kept) = (directory.file("live.html"), directory.file("again.html"), directory.file("kept"))
        let session = try await service.stream(Self.media + ["--report", live, "--keep", kept])
        #expect(session.status != 0)
        #expect(try await LocalRun.replay([kept, "--unpaced", "--report", again]).status == 0)
        let page = try contents(live)
        #expect(page.contains("Failed: ") && page.contains("ih3003"))
        #expect(try page == contents(again))
        // It failed, but all that was sent is there.
        #expect(try contents("\(kept)/messages.jsonl").contains(#""isComplete":true"#))
    }

    @Test(.timeLimit(.minutes(2))) func aSessionThatCanNotBeginHasAReport() async throws {
        let service = try await LocalRun(["--fault", "refuse=ih2001"])
        let directory = try TemporaryDirectory()
        let report = directory.file("report.html")
        let session = try await service.stream(Self.media + ["--report", report])
        #expect(session.status == 77)
        let page = try contents(report)
        #expect(page.contains("Failed: ") && page.contains("ih2001") && !page.contains(LocalRun.key))
    }

    @Test(.timeLimit(.minutes(2))) func aTerminatedSessionHasAReport() async throws {
        let service = try await LocalRun()
        let directory = try TemporaryDirectory()
        let report = directory.file("report.html")
        let session = try service.start(["--synthetic", "--report", report])
        #expect(await session.errors.firstLine { $0.hasPrefix("sent ") } != nil)
        session.send(signal: SIGTERM)
        #expect(await session.waitUntilExit() == 0)
        let page = try contents(report)
        #expect(page.contains("Ended: in order") && page.contains("data:image/jpeg"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["report.html"])
    }

    /// The last event is an hour away: the replay waits for it until it is interrupted, and its report says so.
    @Test(.timeLimit(.minutes(2))) func aReplayThatIsStoppedHasAReportThatSaysSo() async throws {
        let service = try await LocalRun()
        let directory = try TemporaryDirectory()
        let (kept, report) = (directory.file("kept"), directory.file("report.html"))
        #expect(try await service.stream(Self.media + ["--keep", kept]).status == 0)
        let journal = "\(kept)/events.jsonl"
        let lines = try contents(journal).split(separator: "\n")
        let events = try lines.dropFirst().map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        let wall = try #require(events.first?["wall"] as? Int)
        // All of it at once, so that the test need not last as long as the session did.
        let timed = try events.enumerated().map { index, event in
            let delay = index == events.count - 1 ? 3_600_000_000_000 : 0
            let line = try JSONSerialization.data(withJSONObject: event.merging(["wall": wall + delay]) { $1 })
            return String(decoding: line, as: UTF8.self)
        }
        try Data(([String(lines[0])] + timed).joined(separator: "\n").appending("\n").utf8)
            .write(to: URL(filePath: journal))
        let replay = try RunningProgram(
            try BuiltExecutable.path(of: "interhuman"), ["replay", kept, "--report", report])
        #expect(await replay.output.firstLine { $0.contains("session.ended") } != nil)
        replay.send(signal: SIGINT)
        #expect(await replay.waitUntilExit() == 0)
        #expect(try contents(report).contains("The replay was stopped before the session&#39;s end."))
    }

    /// What a killed process leaves says that it was running, and its recording is played as far as it goes.
    @Test(.timeLimit(.minutes(2))) func aKilledSessionLeavesWhatThereWas() async throws {
        let service = try await LocalRun()
        let directory = try TemporaryDirectory()
        let (report, kept) = (directory.file("report.html"), directory.file("kept"))
        let session = try service.start(["--synthetic", "--report", report, "--keep", kept])
        #expect(await session.errors.firstLine { $0.hasPrefix("sent ") } != nil)
        session.send(signal: SIGKILL)
        _ = await session.waitUntilExit()
        #expect(try contents(report).contains("Running"))
        // As if it had been killed in the middle of a line.
        let journal = URL(filePath: "\(kept)/events.jsonl")
        try (try Data(contentsOf: journal) + Data(#"{"event":"signalCom"#.utf8)).write(to: journal)
        let replay = try await LocalRun.replay([kept, "--unpaced", "--report", report])
        #expect(replay.status == 0)
        #expect(replay.errors.contains("sent        segment 0"))
        #expect(replay.errors.contains("breaks off before the session's end, in the middle of an event"))
        #expect(try contents(report).contains("Failed: The recording breaks off"))
    }

    @Test(.timeLimit(.minutes(1))) func aReportThatCanNotBeWrittenIsToldAtOnce() async throws {
        let service = try await LocalRun()
        let session = try await service.stream(["--synthetic", "--report", "/nowhere/report.html"])
        #expect(session.status == 73)
        #expect(session.errors.contains("/nowhere/report.html can't be written"))
    }

    // MARK: Recordings that are none

    @Test(.timeLimit(.minutes(1))) func whatIsNoRecordingIsRefused() async throws {
        let directory = try TemporaryDirectory()
        #expect(try await LocalRun.replay(["/nowhere"]).status == 66)
        #expect(try await LocalRun.replay([directory.path]).status == 66)
        let journal = URL(filePath: directory.file("events.jsonl"))
        for text in [
            "", "\n", "hello\n", "{}\n", String(repeating: "[", count: 100_000), #"{"format":"other-1"}"# + "\n",
        ] {
            try Data(text.utf8).write(to: journal)
            let replay = try await LocalRun.replay([directory.path])
            #expect(replay.status == 66 && replay.errors.contains("no journal of a session"), "\(replay.errors)")
        }
        try FileManager.default.removeItem(at: journal)
        try FileManager.default.createSymbolicLink(
            atPath: directory.file("events.jsonl"), withDestinationPath: "/etc/passwd")
        #expect(try await LocalRun.replay([directory.path]).status == 66)
        try FileManager.default.removeItem(at: journal)
        mkfifo(directory.file("events.jsonl"), 0o600)
        let pipe = try await LocalRun.replay([directory.path])
        #expect(pipe.status == 66 && pipe.errors.contains("no regular file"))
    }

    /// A manifest may say anything: nothing outside the directory is read, and the events are played all the same.
    @Test(
        .timeLimit(.minutes(2)), arguments: ["../secret.webm", "/etc/passwd", "000000.webm/../../secret.webm", "link"])
    func aManifestIsNotTrusted(file: String) async throws {
        let service = try await LocalRun()
        let directory = try TemporaryDirectory()
        let (kept, report) = (directory.file("kept"), directory.file("report.html"))
        #expect(try await service.stream(Self.media + ["--keep", kept]).status == 0)
        let message = "\(kept)/000000.webm"
        try FileManager.default.moveItem(atPath: message, toPath: directory.file("secret.webm"))
        if file == "link" {
            try FileManager.default.createSymbolicLink(
                atPath: message, withDestinationPath: directory.file("secret.webm"))
        } else {
            let manifest = "\(kept)/messages.jsonl"
            let text = try contents(manifest).replacingOccurrences(of: "000000.webm", with: file)
            try Data(text.utf8).write(to: URL(filePath: manifest))
        }
        let replay = try await LocalRun.replay([kept, "--unpaced", "--report", report])
        #expect(replay.status == 0)
        #expect(replay.errors.contains("they have no picture"))
        #expect(replay.output.contains("session.ended"))
        // The header of the stream was in that message, so nothing decodes without it.
        #expect(try !contents(report).contains("data:image/jpeg"))
    }

    @Test(.timeLimit(.minutes(2))) func aHeaderOfLessThanNothingIsNone() async throws {
        let service = try await LocalRun()
        let directory = try TemporaryDirectory()
        let kept = directory.file("kept")
        #expect(try await service.stream(Self.media + ["--keep", kept]).status == 0)
        let manifest = "\(kept)/messages.jsonl"
        let text = try contents(manifest).replacing(/"headerBytes":[0-9]+/, with: #""headerBytes":-1"#)
        try Data(text.utf8).write(to: URL(filePath: manifest))
        let replay = try await LocalRun.replay([kept, "--unpaced", "--report", directory.file("report.html")])
        #expect(replay.status == 0 && replay.output.contains("session.ended"))
    }

    /// What a crash leaves: the last line is torn, and the session's end is not there.
    @Test(.timeLimit(.minutes(2))) func aManifestThatBreaksOffIsReadAsFarAsItGoes() async throws {
        let service = try await LocalRun()
        let directory = try TemporaryDirectory()
        let (kept, report) = (directory.file("kept"), directory.file("report.html"))
        #expect(try await service.stream(Self.media + ["--keep", kept]).status == 0)
        let manifest = URL(filePath: "\(kept)/messages.jsonl")
        let lines = try Data(contentsOf: manifest).split(separator: UInt8(ascii: "\n"))
        try #require(lines.count >= 4)
        // The layout, a message, and half of the next.
        try Data(lines[0] + [10] + lines[1] + [10] + lines[2].prefix(lines[2].count / 2)).write(to: manifest)
        let replay = try await LocalRun.replay([kept, "--unpaced", "--report", report])
        #expect(replay.status == 0)
        #expect(replay.errors.contains("not complete"))
        #expect(try contents(report).contains("data:image/jpeg"))
    }

    /// The layout before lines: one document.
    @Test(.timeLimit(.minutes(2))) func anEarlierRecordingHasItsPictures() async throws {
        let service = try await LocalRun()
        let directory = try TemporaryDirectory()
        let (kept, report) = (directory.file("kept"), directory.file("report.html"))
        #expect(try await service.stream(Self.media + ["--keep", kept]).status == 0)
        let lines = try contents("\(kept)/messages.jsonl").split(separator: "\n")
        let messages = lines.dropFirst().dropLast().joined(separator: ",")
        try Data(#"{"format":"interhuman-recording-1","isComplete":true,"messages":[\#(messages)]}"#.utf8)
            .write(to: URL(filePath: "\(kept)/manifest.json"))
        try FileManager.default.removeItem(atPath: "\(kept)/messages.jsonl")
        let replay = try await LocalRun.replay([kept, "--unpaced", "--report", report])
        #expect(replay.status == 0 && !replay.errors.contains("no picture"))
        #expect(try contents(report).contains("data:image/jpeg"))
    }

    @Test(.timeLimit(.minutes(2))) func withoutAManifestThereAreNoPictures() async throws {
        let service = try await LocalRun()
        let directory = try TemporaryDirectory()
        let kept = directory.file("kept")
        #expect(try await service.stream(Self.media + ["--keep", kept]).status == 0)
        try Data("{\"format\":".utf8).write(to: URL(filePath: "\(kept)/messages.jsonl"))
        let replay = try await LocalRun.replay([kept, "--unpaced"])
        #expect(replay.status == 0 && replay.errors.contains("There will be no pictures"))
    }
}
