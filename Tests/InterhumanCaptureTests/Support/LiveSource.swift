import InterhumanCore

@testable import InterhumanCapture

/// Media that a test gives by hand, as a live source of pictures.
final class LiveVideo: VideoSource {
    static let format = VideoFormat(width: 4, height: 2, pixelFormat: .gray8)

    private let queue = NewestQueue<VideoFrame, CaptureError>(capacity: 100)

    func start() async throws(CaptureError) -> VideoStream {
        VideoStream(
            description: "by hand", format: Self.format, nominalFrameRate: 10,
            frames: MediaSequence { [queue] () async throws(CaptureError) in try await queue.next() }, isLive: true)
    }

    func stop() async { queue.finish() }

    func give(_ value: UInt8, at time: MediaTime, _ pixelFormat: PixelFormat = .gray8) {
        var format = Self.format
        format.pixelFormat = pixelFormat
        queue.push(
            VideoFrame(
                format: format, captureTime: time, sequence: UInt64(value),
                storage: OwnedVideoStorage(planes: [([UInt8](repeating: value, count: 8), 4)])))
    }

    func fail() {
        queue.finish(throwing: CaptureError(.deviceLost, operation: "read", message: "by hand"))
    }
}

/// The same for sound at 1 kHz, one channel.
final class LiveAudio: AudioSource {
    static let format = AudioFormat(sampleRate: 1_000, channelCount: 1)

    private let queue = NewestQueue<AudioChunk, CaptureError>(capacity: 100)

    func start() async throws(CaptureError) -> AudioStream {
        AudioStream(
            description: "by hand", format: Self.format,
            chunks: MediaSequence { [queue] () async throws(CaptureError) in try await queue.next() }, isLive: true)
    }

    func stop() async { queue.finish() }

    func give(_ samples: [Int16], at time: MediaTime) {
        queue.push(AudioChunk(format: Self.format, captureTime: time, samples: .int16(samples)))
    }

    func fail() {
        queue.finish(throwing: CaptureError(.deviceLost, operation: "read", message: "by hand"))
    }
}

extension MediaSequence {
    /// The next element, for a task of its own.
    func following() async throws(Failure) -> Element? {
        var iterator = makeAsyncIterator()
        return try await iterator.next()
    }
}
