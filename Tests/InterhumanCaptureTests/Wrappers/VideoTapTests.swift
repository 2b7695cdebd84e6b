import InterhumanCore
import InterhumanTesting
import Testing

@testable import InterhumanCapture

/// A second reader of a camera's pictures.
@Suite(.timeLimit(.minutes(5))) struct VideoTapTests {
    private func address(_ frame: VideoFrame) -> UInt {
        frame.storage.withPlanes { UInt(bitPattern: $0[0].bytes.baseAddress) }
    }

    /// A camera, a tap over it and the main reader's frames.
    private struct Tapped {
        let camera: ScriptedCamera
        let source: CameraSource
        let tap: VideoTap
        var frames: MediaSequence<VideoFrame, CaptureError>.Iterator
        var sequence: UInt32 = 0

        init(buffers: UInt32? = nil, width: Int = 320) async throws {
            camera = try ScriptedCamera { state in
                state.grantedBuffers = buffers
                state.formats = [FormatNegotiationTests.format("YUYV", [(width, width * 9 / 16, [30])])]
            }
            source = CameraSourceTests.source(camera).source
            tap = VideoTap(source)
            frames = try await tap.start().frames.makeAsyncIterator()
        }

        /// The camera gives a picture and the main reader takes it.
        mutating func frame() async throws -> VideoFrame {
            // The camera's thread lets go of a frame a moment after it handed it on.
            if sequence > 0 { await camera.settled() }
            camera.clock.advance(by: .milliseconds(33))
            sequence += 1
            try #require(camera.deliver(sequence: sequence), "the driver has no buffer left")
            return try #require(try await frames.next())
        }
    }

    @Test func bothReadersSeeTheDriversOwnMemory() async throws {
        var tapped = try await Tapped(width: 1280)
        let mapped = Set(tapped.camera.change { $0.memory.map { UInt(bitPattern: $0.baseAddress) } })
        var preview = tapped.tap.preview.makeAsyncIterator()
        for _ in 0..<300 {
            let main = try await tapped.frame()
            let second = try #require(await preview.next())
            #expect(address(main) == address(second) && mapped.contains(address(main)))
            #expect(second.sequence == main.sequence && second.captureTime == main.captureTime)
        }
        #expect(tapped.tap.statistics == VideoTapStatistics(offered: 300, dropped: 0, lent: 0))
        await tapped.camera.settled()
        #expect(tapped.source.statistics.droppedByConsumer == 0 && tapped.camera.queuedCount == 6)
        await tapped.tap.stop()
        #expect(await preview.next() == nil)
    }

    @Test func nothingIsLentBeforeSomebodyAsks() async throws {
        var tapped = try await Tapped()
        for _ in 0..<3 { _ = try await tapped.frame() }
        await tapped.camera.settled()
        #expect(tapped.camera.queuedCount == 6 && tapped.tap.statistics.offered == 0)
        await tapped.tap.stop()
    }

    @Test func aSlowReaderGetsTheNewestAndTheRestIsCounted() async throws {
        var tapped = try await Tapped()
        var preview = tapped.tap.preview.makeAsyncIterator()
        for _ in 0..<9 { _ = try await tapped.frame() }
        await tapped.camera.settled()
        #expect(tapped.camera.queuedCount == 5)
        let last = try await tapped.frame()
        #expect(await preview.next()?.sequence == last.sequence)
        #expect(tapped.tap.statistics.offered == 10 && tapped.tap.statistics.dropped == 9)
        await tapped.tap.stop()
    }

    @Test func aReaderThatHoardsHasItsLimitAndTheMainOneLosesNothing() async throws {
        var tapped = try await Tapped()
        var preview = tapped.tap.preview.makeAsyncIterator()
        var hoard: [VideoFrame] = []
        for number in 0..<50 {
            _ = try await tapped.frame()
            if number < 2 { hoard.append(try #require(await preview.next())) }
        }
        #expect(hoard.count == 2 && tapped.tap.statistics.lent == 2)
        #expect(tapped.source.statistics.delivered == 50 && tapped.source.statistics.droppedByConsumer == 0)
        await tapped.camera.settled()
        #expect(tapped.camera.queuedCount == 4)
        hoard = []
        let main = try await tapped.frame()
        #expect(await preview.next()?.sequence == main.sequence)
        await tapped.tap.stop()
    }

    @Test(arguments: [2, 3] as [UInt32]) func aDriverWithFewBuffersKeepsThem(_ buffers: UInt32) async throws {
        var tapped = try await Tapped(buffers: buffers)
        var preview = tapped.tap.preview.makeAsyncIterator()
        var hoard: [VideoFrame] = []
        for number in 0..<20 {
            // The main reader gets every picture, although the other one never gives one back.
            _ = try await tapped.frame()
            if number == 0, buffers > 2 { hoard.append(try #require(await preview.next())) }
        }
        #expect(tapped.source.statistics.delivered == 20 && tapped.source.statistics.droppedByConsumer == 0)
        #expect(tapped.tap.statistics.lent == (buffers > 2 ? 1 : 0))
        await tapped.tap.stop()
        hoard = []
    }

    @Test func aFillerOverFewBuffersKeepsACopyInstead() async throws {
        let camera = try ScriptedCamera { $0.grantedBuffers = 2 }
        let source = CameraSourceTests.source(camera).source
        let filled = FilledVideoSource(source, clock: ManualClock())
        var frames = try await filled.start().frames.makeAsyncIterator()
        for number: UInt32 in 0..<5 {
            camera.clock.advance(by: .milliseconds(33))
            try #require(camera.deliver(sequence: number))
            let frame = try #require(try await frames.next())
            #expect(frame.storage is LentFrame)
            await camera.settled()
        }
        #expect(source.statistics.droppedByConsumer == 0 && camera.queuedCount == 2)
        await filled.stop()
    }
}
