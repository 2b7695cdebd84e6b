import InterhumanCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Pictures and sounds of known properties.
enum SyntheticMedia {
    /// A grey picture of 64 × 36; every cell has the given luminance.
    static func grey(
        _ luminance: UInt8, at seconds: Double, lasting duration: Duration = .milliseconds(100),
        format: PixelFormat = .i420
    ) -> VideoFrame {
        let size = 64 * 36
        let bytesPerPixel = format == .yuyv || format == .uyvy ? 2 : 1
        let plane = [UInt8](repeating: luminance, count: size * bytesPerPixel)
        return VideoFrame(
            format: VideoFormat(width: 64, height: 36, pixelFormat: format),
            captureTime: MediaTime(seconds: seconds), duration: duration,
            storage: OwnedVideoStorage(planes: [(plane, 64 * bytesPerPixel)]))
    }

    /// 20 ms of a tone with overtones, mono at 16 kHz. `amplitude` 0 is silence.
    static func tone(_ frequency: Double, amplitude: Double, at seconds: Double) -> AudioChunk {
        let first = (seconds * 16_000).rounded()
        let samples = (0..<320).map { index -> Float in
            let phase = 2 * Double.pi * frequency * (first + Double(index)) / 16_000
            return Float(amplitude * (sin(phase) + 0.5 * sin(2 * phase) + 0.25 * sin(3 * phase)) / 1.75)
        }
        return AudioChunk(
            format: AudioFormat(sampleRate: 16_000, channelCount: 1), captureTime: MediaTime(seconds: seconds),
            samples: .float32(samples))
    }
}
