import InterhumanCore

/// The audio track of a ``MediaFile``.
final class FileAudioSource: AudioSource {
    private let reader: MediaFileReader
    private let track: FileContents.Audio
    private let pacing: MediaFile.Pacing

    init(reader: MediaFileReader, track: FileContents.Audio, pacing: MediaFile.Pacing) {
        self.reader = reader
        self.track = track
        self.pacing = pacing
    }

    func start() async throws(CaptureError) -> AudioStream {
        try await reader.startAudio()
        let chunks = MediaSequence { [reader, pacing] () async throws(CaptureError) -> AudioChunk? in
            guard let chunk = try await reader.nextChunk() else { return nil }
            if pacing == .realTime { try await reader.pace(until: chunk.captureTime + chunk.duration) }
            return chunk
        }
        return AudioStream(description: track.description, format: track.format, chunks: chunks)
    }

    func stop() async {
        await reader.stopAudio()
    }
}
