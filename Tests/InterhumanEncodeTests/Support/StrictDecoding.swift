import Foundation

/// What the `ffmpeg` and `ffprobe` commands make of a file when they end at the first fault.
struct StrictDecoding {
    var status: Int32
    /// What they complained about, in lines; empty when nothing was wrong.
    var complaints: [String]
    /// Luminance of the decoded pictures.
    var pictures: [[UInt8]]
    /// Times of the pictures in seconds.
    var pictureTimes: [Double]
    /// Samples of the first track of sound, mono.
    var samples: [Float]
    /// Time of the first sample in seconds.
    var soundStart: Double

    /// The numbers in the pictures, for ``CounterPicture``s of that size.
    func numbers(width: Int, height: Int) -> [Int] {
        pictures.map { CounterPicture.number(inLuminance: $0, width: width, height: height, bytesPerRow: width) }
    }

    /// Decodes `bytes` with pictures of that size.
    init(_ bytes: [UInt8], width: Int, height: Int) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let (video, audio) = (directory.appendingPathComponent("video"), directory.appendingPathComponent("audio"))
        let decoding = try Tool.run(
            "ffmpeg",
            [
                "-v", "warning", "-err_detect", "explode", "-xerror", "-copyts", "-i", "INPUT",
                "-map", "0:v", "-fps_mode", "passthrough", "-pix_fmt", "yuv420p", "-f", "rawvideo", video.path,
                "-map", "0:a", "-f", "f32le", audio.path,
            ], on: bytes)
        let probe = try Tool.run(
            "ffprobe",
            ["-v", "warning", "-show_entries", "frame=media_type,pts_time", "-of", "csv=p=0", "INPUT"], on: bytes)
        status = max(decoding.status, probe.status)
        complaints = (decoding.standardError + probe.standardError).split(separator: "\n").map(String.init)
        let planes = (try? [UInt8](Data(contentsOf: video))) ?? []
        let byteCount = width * height * 3 / 2
        pictures = (0..<planes.count / byteCount).map {
            Array(planes[$0 * byteCount..<$0 * byteCount + width * height])
        }
        let sound = (try? Data(contentsOf: audio)) ?? Data()
        samples = sound.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
        }
        let lines = probe.standardOutput.split(separator: "\n").map { $0.split(separator: ",") }
        let times = { (kind: Substring) in
            lines.filter { $0.first == kind && $0.count > 1 }.compactMap { Double($0[1]) }
        }
        pictureTimes = times("video")
        soundStart = times("audio").first ?? .nan
    }
}
