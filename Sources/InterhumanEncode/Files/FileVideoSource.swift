import InterhumanCore

/// The video track of a ``MediaFile``.
final class FileVideoSource: VideoSource {
    private let reader: MediaFileReader
    private let track: FileContents.Video
    private let pacing: MediaFile.Pacing

    init(reader: MediaFileReader, track: FileContents.Video, pacing: MediaFile.Pacing) {
        self.reader = reader
        self.track = track
        self.pacing = pacing
    }

    func start() async throws(CaptureError) -> VideoStream {
        try await reader.startVideo()
        let frames = MediaSequence { [reader, pacing] () async throws(CaptureError) -> VideoFrame? in
            guard let frame = try await reader.nextFrame() else { return nil }
            if pacing == .realTime { try await reader.pace(until: frame.captureTime) }
            return frame
        }
        return VideoStream(
            description: track.description, format: track.format, nominalFrameRate: track.frameRate, frames: frames)
    }

    func stop() async {
        await reader.stopVideo()
    }
}
