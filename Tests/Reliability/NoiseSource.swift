import Interhuman
import Synchronization

/// Grey noise in real time: no encoder makes it smaller than its bit rate allows.
final class NoiseSource: VideoSource {
    private static let format = VideoFormat(width: 160, height: 90, pixelFormat: .gray8)
    private static let frameRate = 10

    private let clock = SystemClock()
    private let frameCount: Int
    private let state = Mutex((number: 0, random: SplitMix64(seed: 1), start: MediaTime.zero, isStopped: false))

    init(seconds: Int) {
        frameCount = seconds * Self.frameRate
    }

    func start() async throws(CaptureError) -> VideoStream {
        let now = clock.now
        state.withLock { $0.start = now }
        return VideoStream(
            description: "noise", format: Self.format, nominalFrameRate: Double(Self.frameRate),
            frames: MediaSequence { [self] () async throws(CaptureError) -> VideoFrame? in await next() }, isLive: true)
    }

    func stop() async {
        state.withLock { $0.isStopped = true }
    }

    private func next() async -> VideoFrame? {
        let frame = state.withLock { state -> VideoFrame? in
            guard !state.isStopped, state.number < frameCount else { return nil }
            var bytes = [UInt8](repeating: 0, count: 160 * 90)
            for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: state.random.next()) }
            let time = state.start + .milliseconds(1_000 / Self.frameRate) * state.number
            state.number += 1
            return VideoFrame(
                format: Self.format, captureTime: time, duration: .milliseconds(1_000 / Self.frameRate),
                sequence: UInt64(state.number), storage: OwnedVideoStorage(planes: [(bytes, 160)]))
        }
        guard let frame else { return nil }
        do { try await clock.sleep(until: frame.captureTime) } catch { return nil }
        return frame
    }
}
