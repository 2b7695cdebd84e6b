import Glibc
import Interhuman

/// Pictures from anywhere: a game, a renderer, another library, a network camera. Here it is a plasma that wobbles.
///
///     swift run CustomSource
///
/// A source says what it gives, hands out frames when asked, and stops when told. That is all the session needs.
struct PlasmaSource: VideoSource {
    private let width = 320
    private let height = 180
    private let frameRate = 15.0
    private let counter: Counter
    private let clock = SystemClock()

    /// - Parameter frameCount: How many pictures there are.
    init(frameCount: Int) {
        counter = Counter(end: frameCount)
    }

    func start() async throws(CaptureError) -> VideoStream {
        // Capture times are on CLOCK_MONOTONIC, like those of cameras and microphones, so that sound and picture fit.
        let base = clock.now
        let format = VideoFormat(width: width, height: height, pixelFormat: .i420)
        let frames = MediaSequence<VideoFrame, CaptureError> { [self] in
            guard let number = await counter.next() else { return nil }
            let time = base + .seconds(Double(number) / frameRate)
            // A real source has its own pace. Nil is the end; a cancelled sleep is one as well.
            guard (try? await clock.sleep(until: time)) != nil else { return nil }
            return VideoFrame(
                format: format, captureTime: time, duration: .seconds(1 / frameRate), sequence: UInt64(number),
                storage: picture(at: Double(number) / frameRate))
        }
        return VideoStream(
            description: "plasma, \(width)x\(height)", format: format, nominalFrameRate: frameRate, frames: frames,
            isLive: true)
    }

    /// The frames end, and with them the session's reading.
    func stop() async {
        await counter.stop()
    }

    /// Planes Y, U and V. `OwnedVideoStorage` keeps arrays; conform to `VideoFrameStorage` to lend memory of your own.
    private func picture(at seconds: Double) -> OwnedVideoStorage {
        var luminance: [UInt8] = []
        luminance.reserveCapacity(width * height)
        for y in 0..<height {
            for x in 0..<width {
                let wave = triangle(Double(x) / 40 + seconds) + triangle(Double(y) / 25 - seconds / 2)
                luminance.append(UInt8(60 + 70 * wave))
            }
        }
        let chroma = { (value: UInt8) in ([UInt8](repeating: value, count: width * height / 4), width / 2) }
        return OwnedVideoStorage(planes: [(luminance, width), chroma(110), chroma(150)])
    }

    /// A wave between 0 and 1.
    private func triangle(_ x: Double) -> Double {
        let phase = x - x.rounded(.down)
        return 1 - abs(2 * phase - 1)
    }

    private actor Counter {
        private var number = 0
        private var end: Int
        init(end: Int) { self.end = end }

        func next() -> Int? {
            guard number < end else { return nil }
            defer { number += 1 }
            return number
        }

        func stop() { end = 0 }
    }
}

@main
enum CustomSource {
    static func main() async {
        do {
            try await run()
        } catch {
            // It says what happened and what to do.
            print(error)
            exit(1)
        }
    }

    private static func run() async throws {
        let session = StreamSession.live(
            configuration: StreamSession.Configuration(
                credentials: EnvironmentCredential(), endpoint: try .fromEnvironment()),
            video: PlasmaSource(frameCount: 15 * 7), audio: VoiceLikeAudioSource(chunkCount: 350))
        for try await event in try await session.start() {
            if case .segmentSent(let segment) = event.kind { print("sent \(segment.videoFrameCount) pictures") }
            if case .engagement(let update) = event.kind { print("engagement:", update.value.state) }
        }
    }
}
