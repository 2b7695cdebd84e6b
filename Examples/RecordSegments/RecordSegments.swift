import FoundationEssentials
import Glibc
import InterhumanCapture
import InterhumanCore
import InterhumanEncode

/// Segments without a service: what a session would send, written to files. Needs neither key nor network.
///
///     swift run RecordSegments DIRECTORY             # 10 s of a test picture
///     swift run RecordSegments DIRECTORY camera      # 10 s of the first camera
///
/// Each file begins with a keyframe; joined in order they are one WebM stream (`cat DIRECTORY/*.webm | ffplay -`).
@main
enum RecordSegments {
    static func main() async {
        do {
            try await run()
        } catch {
            // It says what happened and what to do.
            print(error)
            exit(1)
        }
    }

    private static func run() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let directory = arguments.first else { return print("usage: RecordSegments DIRECTORY [camera]") }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)

        let source: any VideoSource = arguments.last == "camera" ? CameraSource() : TestPatternVideoSource()
        let video = try await LimitedVideoSource(source, limit: .seconds(10)).start()
        print(video.description)

        let factory = FFmpegSegmentEncoderFactory(settings: SegmentSettings(segmentDuration: .seconds(3)))
        var encoder: (any SegmentEncoder)?
        for try await frame in video.frames {
            // The first picture's time becomes 0 in the container.
            let running =
                if let encoder { encoder } else {
                    try await factory.makeEncoder(
                        video: VideoTrackDescription(
                            format: video.format, nominalFrameRate: video.nominalFrameRate, isLive: video.isLive),
                        audio: nil, epoch: frame.captureTime)
                }
            encoder = running
            try await write(running.encode(frame), to: directory)
        }
        if let encoder { try await write(encoder.finish(), to: directory) }
        await source.stop()
    }

    private static func write(_ segments: [MediaSegment], to directory: String) throws {
        for segment in segments {
            // The first message of a stream has the container's header before it.
            let bytes = segment.index == 0 ? segment.header + segment.body : segment.body
            let path = "\(directory)/\(segment.index).webm"
            try Data(bytes).write(to: URL(filePath: path))
            let times = "\(segment.mediaStart) to \(segment.mediaEnd) s"
            print("\(path): \(times), \(segment.videoFrameCount) pictures, \(bytes.count) bytes")
        }
    }
}
