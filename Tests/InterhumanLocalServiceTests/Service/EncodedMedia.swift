import InterhumanCore
import InterhumanEncode

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Segments as a client sends them, encoded once for all tests.
enum EncodedMedia {
    /// 12 s of a moving picture and of speech-like tone with pauses, in segments of 3 s.
    static let lively = Task { try await encode(seconds: 12, hasAudio: true) }
    /// 4 s of a moving picture without sound.
    static let silentFilm = Task { try await encode(seconds: 4, hasAudio: false) }

    private static let format = VideoFormat(width: 160, height: 96, pixelFormat: .i420)
    private static let sound = AudioFormat(sampleRate: 16_000, channelCount: 1)

    static func encode(
        seconds: Int, hasAudio: Bool, settings: SegmentSettings = SegmentSettings(videoPreset: .fast)
    ) async throws -> [MediaSegment] {
        let factory = FFmpegSegmentEncoderFactory(settings: settings)
        let encoder = try await factory.makeEncoder(
            video: VideoTrackDescription(format: format, nominalFrameRate: 10),
            audio: hasAudio ? AudioTrackDescription(format: sound) : nil, epoch: .zero)
        var segments: [MediaSegment] = []
        for index in 0..<seconds * 10 {
            segments += try await encoder.encode(picture(index))
            if hasAudio { segments += try await encoder.encode(tone(index)) }
        }
        return try await segments + encoder.finish()
    }

    /// A bright bar that wanders over grey.
    private static func picture(_ index: Int) -> VideoFrame {
        var luminance = [UInt8](repeating: 80, count: 160 * 96)
        for row in 0..<96 {
            for column in 0..<40 { luminance[row * 160 + (column + index * 8) % 160] = 220 }
        }
        let grey = [UInt8](repeating: 128, count: 80 * 48)
        return VideoFrame(
            format: format, captureTime: MediaTime(seconds: Double(index) / 10), duration: .milliseconds(100),
            storage: OwnedVideoStorage(planes: [(luminance, 160), (grey, 80), (grey, 80)]))
    }

    /// 0.1 s of a tone that glides between 110 and 190 Hz, with 0.4 s of silence every 2 s.
    private static func tone(_ index: Int) -> AudioChunk {
        let samples = (0..<1600).map { sample -> Float in
            let time = Double(index) / 10 + Double(sample) / 16_000
            guard time.truncatingRemainder(dividingBy: 2) < 1.6 else { return 0 }
            // The phase of a frequency that itself swings once every 3 s.
            let phase = 2 * Double.pi * (150 * time - 40 * 3 / (2 * .pi) * cos(2 * .pi * time / 3))
            return Float(0.3 * (sin(phase) + 0.5 * sin(2 * phase)))
        }
        return AudioChunk(
            format: sound, captureTime: MediaTime(seconds: Double(index) / 10), samples: .float32(samples))
    }
}
