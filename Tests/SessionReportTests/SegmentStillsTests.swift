import Foundation
import TestPrograms
import Testing

@testable import interhuman

/// Pictures of segments, however large these are.
@Suite struct SegmentStillsTests {
    /// A decoder takes 4 MiB and makes 32 pictures before somebody has to read them; noise fills far more of both.
    @Test(.timeLimit(.minutes(1))) func aSegmentOfManyMegabytesHasAPicture() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("noise.webm")
        let made = try await FinishedProgram.run(
            "/usr/bin/ffmpeg",
            [
                "-v", "error", "-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", "320x180", "-framerate",
                "30", "-i", "/dev/urandom", "-frames:v", "300", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used",
                "8", "-b:v", "100M", "-qmin", "0", "-qmax", "4", path,
            ])
        try #require(made.status == 0, "\(made.errors)")
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        try #require(bytes.count > 10_000_000)
        #expect(await SegmentStills().first(of: bytes)?.starts(with: [0xFF, 0xD8]) == true)
    }

    @Test(.timeLimit(.minutes(1))) func whatIsNoFileHasNone() async throws {
        #expect(await SegmentStills().first(of: [UInt8](repeating: 7, count: 1_000)) == nil)
        #expect(await SegmentStills().first(of: []) == nil)
    }
}
