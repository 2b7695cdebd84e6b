import InterhumanCore
import Testing

/// The test picture: its numbers can be read, it moves and rests, it keeps time.
@Suite(.timeLimit(.minutes(1)))
struct SyntheticVideoTests {
    /// All frames of a source.
    private func frames(_ source: TestPatternVideoSource) async throws -> [VideoFrame] {
        let stream = try await source.start()
        var frames: [VideoFrame] = []
        for try await frame in stream.frames { frames.append(frame) }
        return frames
    }

    private func luminance(_ frame: VideoFrame) -> [UInt8] {
        frame.storage.withPlanes { planes in planes.first.map { Array($0.bytes) } ?? [] }
    }

    private func number(_ frame: VideoFrame) -> Int? {
        frame.storage.withPlanes { planes in
            planes.first.flatMap {
                FrameCounter.read(luminance: $0, width: frame.format.width, height: frame.format.height)
            }
        }
    }

    @Test("every frame carries its number, at every size", arguments: [(64, 48), (98, 50), (320, 180), (640, 360)])
    func numbers(width: Int, height: Int) async throws {
        let source = TestPatternVideoSource(
            width: width, height: height, frameCount: 5, pacing: .asFastAsPulled, base: .zero)
        let frames = try await frames(source)
        #expect(frames.map(number) == Array(0..<5))
        #expect(frames.map(\.sequence) == (0..<5).map { UInt64($0) })
    }

    @Test("planes are those of I420")
    func planes() async throws {
        let frames = try await frames(
            TestPatternVideoSource(width: 98, height: 50, frameCount: 1, pacing: .asFastAsPulled))
        let frame = try #require(frames.first)
        #expect(frame.format.pixelFormat == .i420)
        let shapes = frame.storage.withPlanes { $0.map { [$0.bytes.count, $0.bytesPerRow] } }
        #expect(shapes == [[98 * 50, 98], [49 * 25, 49], [49 * 25, 49]])
    }

    @Test("the number survives noise, blur and a change of size")
    func robust() async throws {
        let frames = try await frames(
            TestPatternVideoSource(width: 320, height: 180, frameCount: 256, pacing: .asFastAsPulled))
        for index in [0, 1, 170, 255] {
            var pixels = luminance(frames[index])
            for (place, value) in pixels.enumerated() {
                let noise = (place &* 7_919) % 61 - 30
                pixels[place] = UInt8(max(0, min(255, Int(value) + noise)))
            }
            // Half the size, each pixel the mean of four: what a scaler does.
            let half = (0..<160 * 90).map { place -> UInt8 in
                let start = place / 160 * 2 * 320 + place % 160 * 2
                let sum = [0, 1, 320, 321].reduce(0) { $0 + Int(pixels[start + $1]) }
                return UInt8(sum / 4)
            }
            let large = pixels.withUnsafeBytes {
                FrameCounter.read(luminance: $0, bytesPerRow: 320, width: 320, height: 180)
            }
            let small = half.withUnsafeBytes {
                FrameCounter.read(luminance: $0, bytesPerRow: 160, width: 160, height: 90)
            }
            #expect(large == index)
            #expect(small == index)
        }
    }

    @Test("a picture without a counter reads as nothing", arguments: [0, 16, 128, 235, 255] as [UInt8])
    func noCounter(value: UInt8) {
        let pixels = [UInt8](repeating: value, count: 64 * 48)
        pixels.withUnsafeBytes {
            #expect(FrameCounter.read(luminance: $0, bytesPerRow: 64, width: 64, height: 48) == nil)
        }
    }

    @Test("a picture of one row has room for no more than that")
    func oneRow() {
        #expect(FrameCounter.rows(inHeight: 1) == 0..<1)
        let pixels = [UInt8](repeating: 255, count: 64)
        pixels.withUnsafeBytes {
            #expect(FrameCounter.read(luminance: $0, bytesPerRow: 64, width: 64, height: 1) == nil)
        }
    }

    @Test("a plane that is too small for what is said of it reads as nothing")
    func tooSmall() {
        let pixels = [UInt8](repeating: 16, count: 100)
        pixels.withUnsafeBytes {
            #expect(FrameCounter.read(luminance: $0, bytesPerRow: 64, width: 64, height: 48) == nil)
            #expect(FrameCounter.read(luminance: $0, bytesPerRow: 8, width: 8, height: 4) == nil)
        }
    }

    @Test("four seconds of motion, four of calm, in turn")
    func motion() async throws {
        let frames = try await frames(
            TestPatternVideoSource(width: 160, height: 90, frameRate: 10, frameCount: 161, pacing: .asFastAsPulled))
        var before = luminance(frames[0])
        var moved: [Double] = []
        for frame in frames.dropFirst() {
            let now = luminance(frame)
            var sum = 0
            for place in now.indices { sum += abs(Int(now[place]) - Int(before[place])) }
            moved.append(Double(sum) / Double(now.count))
            before = now
        }
        let phases = stride(from: 0, to: 160, by: 40).map { start in
            moved[start..<(start + 40)].reduce(0, +) / 40
        }
        // Mean absolute difference of luminance; the counter alone makes for the little in the calm.
        #expect(min(phases[0], phases[2]) > 5 * max(phases[1], phases[3]), "\(phases)")
    }

    @Test("capture times are the base plus whole intervals, without drift")
    func times() async throws {
        let base = MediaTime(seconds: 77)
        let frames = try await frames(
            TestPatternVideoSource(
                width: 64, height: 48, frameRate: 30, frameCount: 91, pacing: .asFastAsPulled, base: base))
        #expect(frames[0].captureTime == base)
        #expect(frames[30].captureTime == base + .seconds(1))
        #expect(frames[90].captureTime == base + .seconds(3))
        for (frame, next) in zip(frames, frames.dropFirst()) {
            #expect(frame.captureTime + (frame.duration ?? .zero) == next.captureTime)
        }
    }

    @Test("a size or rate that can't be made is refused", arguments: [(63, 48), (64, 47), (0, 0), (9_000, 48)])
    func unsupported(width: Int, height: Int) async {
        await #expect(throws: CaptureError.self) {
            try await TestPatternVideoSource(width: width, height: height).start()
        }
        await #expect(throws: CaptureError.self) {
            try await TestPatternVideoSource(frameRate: .nan).start()
        }
    }

    @Test("starts once; stop ends the stream")
    func lifecycle() async throws {
        let source = TestPatternVideoSource(width: 64, height: 48, pacing: .asFastAsPulled)
        let stream = try await source.start()
        await #expect(throws: CaptureError.self) { try await source.start() }
        var iterator = stream.frames.makeAsyncIterator()
        #expect(try await iterator.next() != nil)
        await source.stop()
        await source.stop()
        #expect(try await iterator.next() == nil)
    }
}
