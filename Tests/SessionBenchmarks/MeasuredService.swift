import Foundation
import InterhumanCore
import InterhumanEncode
import InterhumanLocalService
import InterhumanTransport

/// The local service with room for the sessions; tells where it listens and ends with its standard input.
enum MeasuredService {
    static func run(folder: String, sessions: Int) async throws {
        try await writeMessages(to: folder)
        let certificate = try LocalCertificate.loadOrCreate(in: folder + "/certificate")
        let service = try await LocalService.start(
            LocalServiceConfiguration(
                tls: TLSServerConfiguration(
                    certificateChainPath: certificate.chainPath, privateKeyPath: certificate.keyPath),
                limits: ServiceLimits(idleTimeout: .seconds(3600), maximumDrain: .seconds(3600)),
                maximumConnections: sessions + 16))
        try FileHandle.standardOutput.write(contentsOf: Data("\(service.baseURL)\t\(certificate.authorityPath)\n".utf8))
        _ = FileHandle.standardInput.readDataToEndOfFile()
        await service.shutdown()
    }

    /// Segments of the size that a camera gives by default: 640x360 at 15 frames a second, with sound.
    private static func writeMessages(to folder: String) async throws {
        let video = TestPatternVideoSource(width: 640, height: 360, frameRate: 15, pacing: .asFastAsPulled, base: .zero)
        let audio = VoiceLikeAudioSource(pacing: .asFastAsPulled, base: .zero)
        let (pictures, sound) = (try await video.start(), try await audio.start())
        let encoder = try await FFmpegSegmentEncoderFactory().makeEncoder(
            video: VideoTrackDescription(format: pictures.format, nominalFrameRate: 15),
            audio: AudioTrackDescription(format: sound.format), epoch: .zero)
        var (frames, chunks) = (pictures.frames.makeAsyncIterator(), sound.chunks.makeAsyncIterator())
        var segments: [MediaSegment] = []
        while segments.count < 4, let frame = try await frames.next(), let chunk = try await chunks.next() {
            segments += try await encoder.encode(frame)
            var next: AudioChunk? = chunk
            while let chunk = next {
                segments += try await encoder.encode(chunk)
                next = chunk.captureTime < frame.captureTime ? try await chunks.next() : nil
            }
        }
        await encoder.cancel()
        for (index, segment) in segments.enumerated() {
            let bytes = index == 0 ? segment.header + segment.body : segment.body
            try Data(bytes).write(to: URL(filePath: folder).appending(path: "\(index)"))
        }
    }
}
