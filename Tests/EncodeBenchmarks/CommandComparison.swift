import Foundation
import Glibc
import InterhumanCore
import InterhumanEncode

/// CPU of this package against the `ffmpeg` command with the same codec settings on the same pictures.
enum CommandComparison {
    private struct Pair {
        let name: String
        let codec: VideoCodec
        let container: SegmentContainer
        let arguments: [String]
    }

    private static let rates = ["-b:v", "1M", "-maxrate", "1M", "-bufsize", "1M", "-g", "16777216", "-threads", "1"]
    private static let libvpx = [
        "-minrate", "1M", "-deadline", "realtime", "-lag-in-frames", "0", "-max-intra-rate", "300", "-auto-alt-ref",
        "0",
    ]

    private static let pairs = [
        Pair(
            name: "VP9, speed 8", codec: .vp9, container: .webM,
            arguments: ["-c:v", "libvpx-vp9", "-cpu-used", "8", "-row-mt", "1", "-aq-mode", "3"] + libvpx + rates),
        Pair(
            name: "VP8, speed -8", codec: .vp8, container: .webM,
            arguments: ["-c:v", "libvpx", "-cpu-used", "-8"] + libvpx + rates),
        Pair(
            name: "H.264, superfast", codec: .h264, container: .fragmentedMP4,
            arguments: [
                "-c:v", "libx264", "-preset", "superfast", "-tune", "zerolatency", "-forced-idr", "1", "-x264-params",
                "scenecut=0",
            ] + rates),
    ]

    static func run(_ clip: Clip) async throws {
        let count = min(clip.frames.count, 180)
        let input = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).y4m")
        defer { try? FileManager.default.removeItem(at: input) }
        try clip.writeY4M(to: input, count: count)
        print("\n| \(clip.width)x\(clip.height) | ours, CPU s per s | ffmpeg | ratio | ours with PSNR |")
        print("| --- | ---: | ---: | ---: | ---: |")
        for pair in pairs {
            var settings = SegmentSettings(
                maximumWidth: clip.width, maximumHeight: clip.height, container: pair.container,
                videoCodec: pair.codec, measuresQuality: false)
            var (ours, measuring, command, start) = (Double.infinity, Double.infinity, Double.infinity, Double.infinity)
            for _ in 0..<5 {
                settings.measuresQuality = false
                ours = min(ours, try await Trial.run(settings, on: clip, count: count).cpu)
                command = min(command, try ffmpeg(pair, input, seconds: Double(count) / 30, limit: []))
                settings.measuresQuality = true
                measuring = min(measuring, try await Trial.run(settings, on: clip, count: count).cpu)
                start = min(start, try ffmpeg(pair, input, seconds: Double(count) / 30, limit: ["-frames:v", "1"]))
            }
            // The command's own start is not held against it.
            command -= start
            print(
                "| \(pair.name) | \(text(ours, 3)) | \(text(command, 3)) | \(text(ours / command, 3)) | "
                    + "\(text(measuring, 3)) |")
        }
    }

    private static func ffmpeg(_ pair: Pair, _ input: URL, seconds: Double, limit: [String]) throws -> Double {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["ffmpeg", "-v", "error", "-nostdin", "-i", input.path] + pair.arguments + limit
            + ["-force_key_frames", "expr:gte(t,n_forced*3)", "-f", pair.container == .webM ? "webm" : "mp4"]
            + (pair.container == .webM ? [] : ["-movflags", "frag_keyframe+empty_moov"]) + ["-y", "/dev/null"]
        let began = Trial.processorTime(RUSAGE_CHILDREN)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchmarkError("ffmpeg failed.") }
        return (Trial.processorTime(RUSAGE_CHILDREN) - began) / seconds
    }
}
