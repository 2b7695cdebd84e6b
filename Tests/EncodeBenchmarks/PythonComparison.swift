import Foundation
import InterhumanCore
import InterhumanEncode

/// CPU and quality against PyAV as the vendor's plugin uses it, and against OpenCV's writer.
enum PythonComparison {
    static func run(_ clip: Clip) async throws {
        guard let python = ProcessInfo.processInfo.environment["BENCH_PYTHON"] else {
            print("\npeers: BENCH_PYTHON is not set, PyAV and OpenCV are left out")
            return
        }
        let count = min(clip.frames.count, 180)
        let input = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).y4m")
        defer { try? FileManager.default.removeItem(at: input) }
        try clip.writeY4M(to: input, count: count)
        print(
            "\n| \(clip.width)x\(clip.height) at 30/s | CPU s per s | Mb/s | PSNR dB | SSIM | flush of a segment, ms |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for (name, codec, container) in [
            ("ours, VP9", VideoCodec.vp9, SegmentContainer.webM), ("ours, VP8", .vp8, .webM),
            ("ours, H.264", .h264, .fragmentedMP4), ("ours, AV1", .av1, .webM),
        ] {
            let settings = SegmentSettings(
                maximumWidth: clip.width, maximumHeight: clip.height, container: container, videoCodec: codec)
            let trial = try await Trial.run(settings, on: clip, count: count)
            try await report(name, cpu: trial.cpu, stream: trial.stream, flush: nil, clip, count)
        }
        for (name, mode) in [
            ("PyAV, libvpx as it comes", "libvpx"), ("PyAV, libvpx-vp9 as it comes", "libvpx-vp9"),
            ("OpenCV's writer, mp4v", "mp4v"),
        ] {
            let output = FileManager.default.temporaryDirectory.appendingPathComponent(
                "\(UUID().uuidString).\(mode == "mp4v" ? "mp4" : "webm")")
            defer { try? FileManager.default.removeItem(at: output) }
            let figures = try peer(python, [mode, input.path, output.path])
            guard figures.count == 2, let bytes = try? [UInt8](Data(contentsOf: output)) else {
                print("| \(name) | can't | | | | |")
                continue
            }
            try await report(
                name, cpu: figures[0] / (Double(count) / 30), stream: bytes, flush: figures[1], clip, count)
        }
    }

    private static func report(
        _ name: String, cpu: Double, stream: [UInt8], flush: Double?, _ clip: Clip, _ count: Int
    ) async throws {
        let rate = Double(stream.count * 8) / (Double(count) / 30) / 1e6
        let quality = try await Quality.of(stream, against: clip)
        print(
            "| \(name) | \(text(cpu, 3)) | \(text(rate, 2)) | \(text(quality.peakSignalToNoiseRatio, 2)) | "
                + "\(text(quality.structuralSimilarity, 4)) | \(flush.map { text($0, 1) } ?? "see delay") |")
    }

    /// The figures that the script prints, in one line.
    private static func peer(_ python: String, _ arguments: [String]) throws -> [Double] {
        let process = Process()
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("peers.py")
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [script.path] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    }
}
