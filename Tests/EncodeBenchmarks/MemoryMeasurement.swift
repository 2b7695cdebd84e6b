import Foundation
import InterhumanCore
import InterhumanEncode

/// Resident memory over a thousand segments of each framing, with changes of size and bit rate between them.
enum MemoryMeasurement {
    static func run() async throws {
        print("\n| resident MiB after | 200 segments | 400 | 600 | 800 | 1,000 |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for (container, framing) in [
            (SegmentContainer.webM, SegmentFraming.continuous), (.webM, .selfContained), (.fragmentedMP4, .continuous),
            (.mp4, .selfContained), (.mpegTS, .continuous),
        ] {
            let figures = try await resident(container, framing)
            print("| \(container.rawValue), \(framing.rawValue) | \(figures.joined(separator: " | ")) |")
        }
    }

    private static func resident(_ container: SegmentContainer, _ framing: SegmentFraming) async throws -> [String] {
        let format = VideoFormat(width: 160, height: 90, pixelFormat: .i420, range: .limited)
        let settings = SegmentSettings(
            segmentDuration: .seconds(1), framing: framing, container: container, videoPreset: .fast)
        let encoder = try await FFmpegSegmentEncoderFactory(settings: settings).makeEncoder(
            video: VideoTrackDescription(format: format, nominalFrameRate: 5),
            audio: AudioTrackDescription(format: AudioFormat(sampleRate: 48_000, channelCount: 1)), epoch: .zero)
        var (count, number, figures) = (0, 0, [String]())
        while count < 1000 {
            let chunk = AudioChunk(
                format: AudioFormat(sampleRate: 48_000, channelCount: 1),
                captureTime: .zero + .milliseconds(200 * number), samples: .int16(Array(repeating: 100, count: 9600)))
            var segments = try await encoder.encode(chunk)
            let luma = (0..<160 * 90).map { UInt8(truncatingIfNeeded: $0 * 7 + number) }
            let chroma = [UInt8](repeating: 128, count: 80 * 45)
            segments += try await encoder.encode(
                VideoFrame(
                    format: format, captureTime: .zero + .milliseconds(200 * number),
                    storage: OwnedVideoStorage(planes: [(luma, 160), (chroma, 80), (chroma, 80)])))
            number += 1
            if number % 100 == 0 {
                _ = try await encoder.adjust(
                    EncoderAdjustment(
                        videoBitRate: 100_000 + number % 7 * 10_000, maximumWidth: number % 200 == 0 ? 80 : 160))
            }
            for _ in segments {
                count += 1
                if count % 200 == 0, count <= 1000 { figures.append(text(try residentMebibytes(), 1)) }
            }
        }
        await encoder.cancel()
        return figures
    }

    private static func residentMebibytes() throws -> Double {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return Double(fields.dropFirst().first.flatMap { Int($0) } ?? 0) * 4096 / 1_048_576
    }
}
