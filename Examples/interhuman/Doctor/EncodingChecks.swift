import CInterhumanFFmpeg
import Glibc
import Interhuman

/// The doctor's checks of codecs and of the processor.
enum EncodingChecks {
    static func findings() async -> [Finding] {
        let codecs = await codecs()
        guard codecs.status != .problem else { return [codecs] }
        return [codecs, await speed()]
    }

    /// Opens what a session would open: only that shows that the codecs are there.
    private static func codecs() async -> Finding {
        let versions = [
            ("libavformat", avformat_version()), ("libavcodec", avcodec_version()), ("libavutil", avutil_version()),
        ].map { name, version in "\(name) \(version >> 16).\(version >> 8 & 0xFF).\(version & 0xFF)" }
        let libraries = versions.joined(separator: ", ")
        let video = VideoTrackDescription(
            format: VideoFormat(width: 320, height: 180, pixelFormat: .i420), nominalFrameRate: 30)
        let audio = AudioTrackDescription(format: AudioFormat(sampleRate: 48_000, channelCount: 1))
        do throws(EncodeError) {
            let encoder = try await FFmpegSegmentEncoderFactory().makeEncoder(video: video, audio: audio, epoch: .zero)
            await encoder.cancel()
            guard let fallback = try FFmpegSegmentEncoderFactory().fallbacks(hasVideo: true, hasAudio: true).first
            else {
                return .ok("codecs", "VP9 and Opus encode to WebM; \(libraries)")
            }
            return .warning("codecs", "\(fallback); \(libraries).", advice)
        } catch {
            return .problem("codecs", "\(libraries): \(error.operation) failed.", "\(error.message) \(advice)")
        }
    }

    private static let advice = "Install the distribution's FFmpeg, 5.1 or newer, with libvpx and libopus."

    /// Encodes what `interhuman stream` encodes by default, and measures how long that takes.
    private static func speed() async -> Finding {
        let (rate, count) = (30.0, 60)
        do {
            let source = TestPatternVideoSource(frameRate: rate, frameCount: count, pacing: .asFastAsPulled)
            let stream = try await source.start()
            let encoder = try await FFmpegSegmentEncoderFactory().makeEncoder(
                video: VideoTrackDescription(format: stream.format, nominalFrameRate: rate), audio: nil, epoch: .zero)
            var (spent, passed) = (Duration.zero, Duration.zero)
            for try await frame in stream.frames {
                let before = processorTime
                passed += try await ContinuousClock().measure { _ = try await encoder.encode(frame) }
                spent += processorTime - before
            }
            await encoder.cancel()
            let length = Double(count) / rate
            return speed(processor: spent.inSeconds / length, elapsed: passed.inSeconds / length)
        } catch {
            return .problem("speed", "Encoding a test picture failed.", "\(error)")
        }
    }

    /// - Parameters:
    ///   - processor: Seconds of processor for a second of pictures.
    ///   - elapsed: Seconds that passed meanwhile: more where others keep the processor busy.
    static func speed(processor: Double, elapsed: Double) -> Finding {
        func percent(_ share: Double) -> String { "\(Int((share * 100).rounded(.up))) %" }
        let finding = "640x360 at 30 pictures a second takes \(percent(processor)) of a core to encode"
        if processor >= 0.5 {
            let advice = "Give --container fmp4 (H.264 costs half of VP9), --preset fast or --fps 15."
            return processor < 1 ? .warning("speed", finding, advice) : .problem("speed", finding, advice)
        }
        guard elapsed < 0.8 else {
            return .warning(
                "speed", "\(finding), but took \(percent(elapsed)) of the time there is.",
                "Stop what else keeps the processor busy.")
        }
        return .ok("speed", finding)
    }

    /// What all threads of this program have spent; POSIX has `clock()` count microseconds.
    private static var processorTime: Duration {
        .microseconds(Int64(clock()))
    }
}
