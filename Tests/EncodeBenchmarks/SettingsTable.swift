import InterhumanCore
import InterhumanEncode

/// Quality against CPU for the settings that may be chosen, as a table for `Documentation/Encoding.md`.
enum SettingsTable {
    private struct Candidate {
        let name: String
        let codec: VideoCodec
        let container: SegmentContainer
        let options: [String: String]
    }

    private static let candidates: [Candidate] =
        ["5", "6", "7", "8"].map {
            Candidate(name: "VP9, speed \($0)", codec: .vp9, container: .webM, options: ["cpu-used": $0])
        }
        + ["-4", "-6", "-8", "-12", "-16"].map {
            Candidate(name: "VP8, speed \($0)", codec: .vp8, container: .webM, options: ["cpu-used": $0])
        }
        + ["ultrafast", "superfast", "veryfast", "faster"].map {
            Candidate(name: "H.264, \($0)", codec: .h264, container: .fragmentedMP4, options: ["preset": $0])
        }
        + ["13", "12", "10", "9", "8"].map {
            Candidate(name: "AV1, preset \($0)", codec: .av1, container: .webM, options: ["preset": $0])
        }

    static func run(_ clip: Clip) async throws {
        for clip in [clip.halved, clip] {
            print("\n| \(clip.width)x\(clip.height), 1 Mb/s wanted | CPU s per s | Mb/s | PSNR dB | SSIM |")
            print("| --- | ---: | ---: | ---: | ---: |")
            for candidate in candidates {
                let settings = SegmentSettings(
                    maximumWidth: clip.width, maximumHeight: clip.height, container: candidate.container,
                    videoCodec: candidate.codec, videoOptions: candidate.options)
                let first = try await Trial.run(settings, on: clip)
                let second = try await Trial.run(settings, on: clip)
                let quality = try await Quality.of(first.stream, against: clip)
                print(
                    "| \(candidate.name) | \(text(min(first.cpu, second.cpu), 3)) | \(text(first.bitRate / 1e6, 2)) | "
                        + "\(text(quality.peakSignalToNoiseRatio, 2)) | \(text(quality.structuralSimilarity, 4)) |")
            }
        }
    }
}
