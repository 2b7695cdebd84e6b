import Foundation
import InterhumanCore
import InterhumanEncode
import Testing

@Suite("MP4 into the stream decoder", .enabled(if: Tool.isInstalled("ffmpeg")), .timeLimit(.minutes(5)))
struct MP4StreamTests {
    /// 3 s of a test picture and a tone, written by the `ffmpeg` command with these options for the muxer.
    private func file(_ options: [String]) throws -> [UInt8] {
        let output = try TemporaryFile([], name: "output.mp4")
        let result = try Tool.run(
            "ffmpeg",
            [
                "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=s=320x180:r=25:d=3", "-f", "lavfi", "-i",
                "sine=d=3:r=48000", "-c:v", "mpeg4", "-g", "25", "-c:a", "aac",
            ] + options + [output.path])
        try #require(result.status == 0, "\(result.standardError)")
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: output.path)))
    }

    @Test("Fragments decode as they come, wherever they are cut", arguments: [1000, 65_536])
    func fragmented(length: Int) async throws {
        let bytes = try file(["-movflags", "frag_keyframe+empty_moov+default_base_moof"])
        let pieces = stride(from: 0, to: bytes.count, by: length).map { Array(bytes[$0...].prefix(length)) }
        let recording = try await Recording.decode(pieces)
        #expect(recording.starts.map(\.container) == ["mp4"])
        #expect(recording.frames.count == 75)
        #expect(recording.samples.count >= 144_000)
    }

    @Test("Complete files, one in each message, decode with the index in front or behind", arguments: [true, false])
    func completeFiles(isIndexInFront: Bool) async throws {
        let bytes = try file(isIndexInFront ? ["-movflags", "faststart"] : [])
        let recording = try await Recording.decode([bytes, bytes])
        #expect(recording.starts.count == 2 && recording.ends == 2)
        #expect(recording.frames.count == 150)
    }
}
