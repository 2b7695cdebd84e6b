import Glibc
import InterhumanCore
import InterhumanEncode

/// From the last picture of a segment handed in to the segment's bytes, as a live source at 30 a second would see it:
/// the time the calls took, and the time until the next picture where the segment needed it.
enum DelayMeasurement {
    /// Time that passed on the wall and on the processor, in milliseconds. On a machine that does something else, the
    /// second says what the first would be.
    private struct Delay {
        var wall = 0.0
        var processor = 0.0

        static func + (left: Delay, right: Delay) -> Delay {
            Delay(wall: left.wall + right.wall, processor: left.processor + right.processor)
        }
    }

    static func run(_ clip: Clip) async throws {
        print(
            "\n| \(clip.width)x\(clip.height) at 30/s, segments of 1 s | median ms | p99 ms | "
                + "p99 ms of processor time | segments |")
        print("| --- | ---: | ---: | ---: | ---: |")
        for (name, codec, container) in [
            ("VP9", VideoCodec.vp9, SegmentContainer.webM), ("VP8", .vp8, .webM), ("H.264", .h264, .fragmentedMP4),
        ] {
            for isLive in [true, false] {
                let delays = try await delays(clip, codec, container, isLive: isLive)
                let place = { (share: Double, value: (Delay) -> Double) -> String in
                    let sorted = delays.map(value).sorted()
                    return text(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))], 1)
                }
                print(
                    "| \(name)\(isLive ? "" : ", not live") | \(place(0.5) { $0.wall }) | \(place(0.99) { $0.wall }) | "
                        + "\(place(0.99) { $0.processor }) | \(delays.count) |")
            }
        }
    }

    private static func delays(
        _ clip: Clip, _ codec: VideoCodec, _ container: SegmentContainer, isLive: Bool
    ) async throws -> [Delay] {
        let settings = SegmentSettings(
            maximumWidth: clip.width, maximumHeight: clip.height, segmentDuration: .seconds(1), container: container,
            videoCodec: codec, audioCodec: .opus)
        let encoder = try await FFmpegSegmentEncoderFactory(settings: settings).makeEncoder(
            video: VideoTrackDescription(format: clip.format, nominalFrameRate: 30, isLive: isLive),
            audio: AudioTrackDescription(format: AudioFormat(sampleRate: 48_000, channelCount: 1)), epoch: .zero)
        var delays: [Delay] = []
        /// What the calls took since the last picture, that one included.
        var since = Delay()
        for number in 0..<3000 {
            // Sound comes as it is captured, 10 ms a time; the last 10 ms before a picture come after it.
            for piece in number * 10 / 3..<(number + 1) * 10 / 3 where piece > 0 {
                let chunk = AudioChunk(
                    format: AudioFormat(sampleRate: 48_000, channelCount: 1),
                    captureTime: .zero + .milliseconds(10 * (piece - 1)),
                    samples: .float32(Array(repeating: 0, count: 480)))
                let (took, segments) = try await timed { try await encoder.encode(chunk) }
                since = since + took
                let waited = max(0, Double(10 * piece) - Double(number - 1) * 100 / 3)
                if !segments.isEmpty { delays.append(since + Delay(wall: waited, processor: waited)) }
            }
            var frame = clip.frames[number % clip.frames.count]
            frame.captureTime = Clip.time(number)
            let (took, segments) = try await timed { try await encoder.encode(frame) }
            if let segment = segments.first {
                // Ready with this picture, which is its last, or only with this one, which is the next one's first.
                let isLast = segment.mediaEnd > frame.captureTime.seconds + 0.001
                delays.append(isLast ? took : since + took + Delay(wall: 100 / 3, processor: 100 / 3))
            }
            since = took
        }
        await encoder.cancel()
        return delays
    }

    private static func timed(
        _ body: () async throws -> [MediaSegment]
    ) async throws -> (Delay, [MediaSegment]) {
        let (began, spent) = (ContinuousClock.now, Trial.processorTime(RUSAGE_SELF))
        let segments = try await body()
        return (
            Delay(
                wall: (ContinuousClock.now - began).inSeconds * 1000,
                processor: (Trial.processorTime(RUSAGE_SELF) - spent) * 1000), segments
        )
    }
}
