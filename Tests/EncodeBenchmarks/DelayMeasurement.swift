import InterhumanCore
import InterhumanEncode

/// From the last picture of a segment handed in to the segment's bytes, as a live source at 30 a second would see it:
/// the time the calls took, and the time until the next picture where the segment needed it.
enum DelayMeasurement {
    static func run(_ clip: Clip) async throws {
        print(
            "\n| \(clip.width)x\(clip.height) at 30/s, segments of 1 s | median ms | p99 ms | longest ms | segments |")
        print("| --- | ---: | ---: | ---: | ---: |")
        for (name, codec, container) in [
            ("VP9", VideoCodec.vp9, SegmentContainer.webM), ("VP8", .vp8, .webM), ("H.264", .h264, .fragmentedMP4),
        ] {
            for isLive in [true, false] {
                let delays = try await delays(clip, codec, container, isLive: isLive).sorted()
                let place = { (share: Double) in delays[min(delays.count - 1, Int(Double(delays.count) * share))] }
                print(
                    "| \(name)\(isLive ? "" : ", not live") | \(text(place(0.5), 1)) | \(text(place(0.99), 1)) | "
                        + "\(text(delays.last ?? 0, 1)) | \(delays.count) |")
            }
        }
    }

    private static func delays(
        _ clip: Clip, _ codec: VideoCodec, _ container: SegmentContainer, isLive: Bool
    ) async throws -> [Double] {
        let settings = SegmentSettings(
            maximumWidth: clip.width, maximumHeight: clip.height, segmentDuration: .seconds(1), container: container,
            videoCodec: codec, audioCodec: .opus)
        let encoder = try await FFmpegSegmentEncoderFactory(settings: settings).makeEncoder(
            video: VideoTrackDescription(format: clip.format, nominalFrameRate: 30, isLive: isLive),
            audio: AudioTrackDescription(format: AudioFormat(sampleRate: 48_000, channelCount: 1)), epoch: .zero)
        let count = 3600
        var delays: [Double] = []
        var spent = Duration.zero
        for number in 0..<count {
            // Sound comes as it is captured, 10 ms a time; the last 10 ms before a picture come after it.
            for piece in number * 10 / 3..<(number + 1) * 10 / 3 where piece > 0 {
                let chunk = AudioChunk(
                    format: AudioFormat(sampleRate: 48_000, channelCount: 1),
                    captureTime: .zero + .milliseconds(10 * (piece - 1)),
                    samples: .float32(Array(repeating: 0, count: 480)))
                let (took, segments) = try await timed { try await encoder.encode(chunk) }
                spent += took
                note(segments, spent, waited: 10 * piece, since: number - 1, &delays)
            }
            var frame = clip.frames[number % clip.frames.count]
            frame.captureTime = Clip.time(number)
            let (took, segments) = try await timed { try await encoder.encode(frame) }
            let isReadyWithNext = segments.first.map { $0.mediaEnd <= frame.captureTime.seconds + 0.001 } ?? false
            if isReadyWithNext {
                note(segments, spent + took, waited: number * 100 / 3, since: number - 1, &delays)
            } else {
                note(segments, took, waited: 0, since: 0, &delays)
            }
            spent = took
        }
        await encoder.cancel()
        return delays
    }

    /// Notes the delay of segments that came out: the calls since their last picture, and the media time since then.
    private static func note(
        _ segments: [MediaSegment], _ spent: Duration, waited until: Int, since last: Int, _ delays: inout [Double]
    ) {
        for _ in segments {
            delays.append(spent.inSeconds * 1000 + max(0, Double(until) - Double(last) * 100 / 3))
        }
    }

    private static func timed(
        _ body: () async throws -> [MediaSegment]
    ) async throws -> (Duration, [MediaSegment]) {
        let began = ContinuousClock.now
        let segments = try await body()
        return (ContinuousClock.now - began, segments)
    }
}
