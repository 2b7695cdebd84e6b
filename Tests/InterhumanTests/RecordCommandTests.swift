import Foundation
import TestPrograms
import Testing

/// `interhuman record` as a user runs it.
@Suite struct RecordCommandTests {
    private func record(_ directory: String, _ arguments: [String]) async throws -> FinishedProgram {
        try await FinishedProgram.run(
            try BuiltExecutable.path(of: "interhuman"), ["record", directory, "--synthetic", "--unpaced"] + arguments)
    }

    @Test(
        .timeLimit(.minutes(2)),
        arguments: [
            ["--container", "webm"], ["--container", "fmp4", "--framing", "prefixed"],
            ["--container", "mpegts", "--rotate", "90", "--mirror"],
        ])
    func writesTheStreamAndItsManifest(arguments: [String]) async throws {
        let directory = try TemporaryDirectory()
        let target = directory.file("recording")
        let result = try await record(target, ["--duration", "7"] + arguments)
        #expect(result.status == 0, "\(result.errors)")
        let mode = try FileManager.default.attributesOfItem(atPath: target)[.posixPermissions] as? Int
        #expect(mode == 0o700, "pictures and voices are for their owner only")
        let messages = try RecordedMessages(target)
        #expect(messages.isComplete)
        #expect(messages.frames == [45, 45, 15])
        #expect(messages.ranges.map(\.start) == [0, 3, 6])
        try messages.checkFiles()

        // The files joined are the stream.
        let joined = directory.file("joined")
        try messages.joined.write(to: URL(filePath: joined))
        let decoded = try await FinishedProgram.run(
            "/usr/bin/ffmpeg", ["-v", "error", "-err_detect", "explode", "-xerror", "-i", joined, "-f", "null", "-"])
        #expect(decoded.status == 0 && decoded.errors.isEmpty, "\(decoded.errors)")
    }

    @Test(.timeLimit(.minutes(2))) func eachFileIsWholeWhereItIsPromised() async throws {
        let directory = try TemporaryDirectory()
        let target = directory.file("recording")
        let arguments = ["--duration", "5", "--container", "mp4", "--framing", "selfContained"]
        #expect(try await record(target, arguments).status == 0)
        let messages = try RecordedMessages(target)
        #expect(messages.count == 2)
        for path in messages.paths {
            let decoded = try await FinishedProgram.run(
                "/usr/bin/ffmpeg", ["-v", "error", "-xerror", "-i", path, "-f", "null", "-"])
            #expect(decoded.status == 0 && decoded.errors.isEmpty, "\(decoded.errors)")
        }
    }

    /// SVT-AV1 would write its settings there for every segment.
    @Test(.timeLimit(.minutes(2)))
    func encodersDoNotWriteToStandardError() async throws {
        let directory = try TemporaryDirectory()
        let result = try await record(directory.file("recording"), ["--duration", "4", "--video-codec", "av1"])
        #expect(result.status == 0)
        #expect(!result.errors.contains("Svt"), "\(result.errors)")
    }

    @Test(.timeLimit(.minutes(1))) func nothingIsOverwritten() async throws {
        let directory = try TemporaryDirectory()
        try Data("mine".utf8).write(to: URL(filePath: directory.file("notes.txt")))
        let result = try await record(directory.path, ["--duration", "1"])
        #expect(result.status == 73)
        #expect(result.errors.contains("not empty"))
        #expect(try directory.files(ending: "").count == 1)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            (["--video-codec", "h264"], "WebM"), (["--container", "mp4"], "selfContained"),
            (["--container", "avi"], "unknown"), (["--rotate", "45"], "90"), (["--segment", "20"], "10"),
            (["--preset", "best"], "balanced"), (["--bit-rate", "1"], "50,000"),
        ])
    func wrongUsageIsSaid(arguments: [String], word: String) async throws {
        let result = try await record("/nowhere", arguments)
        #expect(result.status == 64)
        #expect(result.errors.contains(word), "\(result.errors)")
    }
}
