import CInterhumanV4L2
import InterhumanCore
import Testing

@testable import InterhumanCapture

/// A camera source over a scripted device.
@Suite(.timeLimit(.minutes(5))) struct CameraSourceTests {
    /// A source over one camera, small and without discarded frames unless told otherwise.
    static func source(
        _ camera: ScriptedCamera, selector: String? = nil, _ configure: (inout CameraConfiguration) -> Void = { _ in }
    ) -> (source: CameraSource, system: ScriptedSystem) {
        var configuration = CameraConfiguration()
        configuration.width = 320
        configuration.height = 240
        configuration.discardedFrames = 0
        configure(&configuration)
        let system = ScriptedSystem([camera], clock: camera.clock)
        return (CameraSource(selector, configuration: configuration, system: system), system)
    }

    @Test func framesComeInOrderWithTheirTimesAndNumbers() async throws {
        let camera = try ScriptedCamera()
        let (source, _) = Self.source(camera)
        let stream = try await source.start()
        #expect(stream.format.width == 320 && stream.format.height == 240 && stream.format.pixelFormat == .yuyv)
        #expect(stream.nominalFrameRate == 30 && stream.isLive)
        var frames = stream.frames.makeAsyncIterator()
        for number in 0..<20 {
            camera.clock.advance(by: .milliseconds(33))
            let time = camera.clock.now
            #expect(camera.deliver(sequence: UInt32(number), time: time))
            let frame = try #require(try await frames.next())
            #expect(frame.captureTime == time)
            #expect(frame.sequence == UInt64(number + 1))
            frame.storage.withPlanes { planes in
                #expect(planes.count == 1 && planes[0].bytesPerRow == 640 && planes[0].bytes.count == 153_600)
                #expect(planes[0].bytes.allSatisfy { $0 == UInt8(number) })
            }
        }
        await source.stop()
        #expect(source.statistics.delivered == 20 && source.statistics.droppedByDriver == 0)
    }

    /// Its stream, its monitor and its events know of each other, and yet nothing holds it.
    @Test func isFreedWithItsStream() async throws {
        func use() async throws -> OneShot<Void> {
            let camera = try ScriptedCamera()
            let (source, system) = Self.source(camera)
            let stream = try await source.start()
            camera.deliver(sequence: 0)
            var frames = stream.frames.makeAsyncIterator()
            #expect(try await frames.next() != nil)
            #expect(stream.monitor?.statistics.dropped == 0)
            await source.stop()
            return system.freed
        }
        try await use().value()
    }

    @Test func framesAreLentNotCopied() async throws {
        let camera = try ScriptedCamera()
        let (source, _) = Self.source(camera)
        let stream = try await source.start()
        var frames = stream.frames.makeAsyncIterator()
        camera.deliver(sequence: 0)
        do {
            let frame = try #require(try await frames.next())
            let addresses = camera.change { $0.memory.map { UInt(bitPattern: $0.baseAddress) } }
            let address = frame.storage.withPlanes { UInt(bitPattern: $0[0].bytes.baseAddress) }
            #expect(addresses.contains(address))
            #expect(camera.queuedCount == addresses.count - 1)
        }
        // The frame is gone, also from the worker's hands: its buffer is the driver's again.
        await camera.settled()
        #expect(camera.queuedCount == 6)
        await source.stop()
    }

    @Test func aFrameOutlivesItsSource() async throws {
        let camera = try ScriptedCamera()
        let (source, _) = Self.source(camera)
        let stream = try await source.start()
        var frames = stream.frames.makeAsyncIterator()
        camera.deliver(sequence: 7)
        var frame = try await frames.next()
        await source.stop()
        #expect(camera.mappings == 1 && camera.openDevices == 1)
        #expect(frame?.storage.withPlanes { $0[0].bytes[0] } == 7)
        frame = nil
        #expect(camera.mappings == 0 && camera.openDevices == 0)
    }

    @Test func stopReleasesEverythingAndEndsTheFrames() async throws {
        let camera = try ScriptedCamera()
        let (source, _) = Self.source(camera)
        let stream = try await source.start()
        camera.deliver(sequence: 0)
        await source.stop()
        await source.stop()
        #expect(camera.mappings == 0 && camera.openDevices == 0)
        var frames = stream.frames.makeAsyncIterator()
        #expect(try await frames.next() == nil)
        #expect(camera.log.suffix(3).contains(.streamOff))
    }

    @Test func aSlowConsumerGetsTheNewest() async throws {
        let camera = try ScriptedCamera()
        let (source, _) = Self.source(camera)
        let stream = try await source.start()
        for number in 0..<10 {
            camera.clock.advance(by: .milliseconds(33))
            #expect(camera.deliver(sequence: UInt32(number)))
            await camera.settled()
        }
        var frames = stream.frames.makeAsyncIterator()
        #expect(try await frames.next()?.sequence == 9)
        #expect(try await frames.next()?.sequence == 10)
        #expect(source.statistics.droppedByConsumer == 8)
        await source.stop()
    }

    @Test func aConsumerThatHoardsDoesNotStarveTheDriver() async throws {
        let camera = try ScriptedCamera { $0.grantedBuffers = 3 }
        let (source, _) = Self.source(camera)
        let stream = try await source.start()
        var frames = stream.frames.makeAsyncIterator()
        var hoard: [VideoFrame] = []
        for number in 0..<2 {
            camera.clock.advance(by: .milliseconds(33))
            #expect(camera.deliver(sequence: UInt32(number)))
            hoard.append(try #require(try await frames.next()))
        }
        // One buffer is left: each further frame comes and goes.
        for number in 2..<5 {
            camera.clock.advance(by: .milliseconds(33))
            #expect(camera.deliver(sequence: UInt32(number)))
            await camera.settled()
        }
        hoard = []
        camera.clock.advance(by: .milliseconds(33))
        #expect(camera.deliver(sequence: 5))
        #expect(try await frames.next()?.sequence == 6)
        await source.stop()
        #expect(camera.mappings == 0)
    }

    @Test func startedTwiceIsMisuse() async throws {
        let camera = try ScriptedCamera()
        let (source, _) = Self.source(camera)
        _ = try await source.start()
        let error = await #expect(throws: CaptureError.self) { try await source.start() }
        #expect(error?.code == .misuse)
        await source.stop()
    }

    @Test func stopBeforeStartIsHarmlessAndFinal() async throws {
        let camera = try ScriptedCamera()
        let (source, _) = Self.source(camera)
        await source.stop()
        let error = await #expect(throws: CaptureError.self) { try await source.start() }
        #expect(error?.code == .misuse)
    }

    @Test func cancellingTheReaderEndsItsWait() async throws {
        let camera = try ScriptedCamera()
        let (source, _) = Self.source(camera)
        let stream = try await source.start()
        let reader = Task { () async throws -> Bool in
            var frames = stream.frames.makeAsyncIterator()
            return try await frames.next() == nil
        }
        reader.cancel()
        #expect(try await reader.value)
        await source.stop()
    }

    @Test func theDescriptionSaysWhatWasAskedAndGranted() async throws {
        let camera = try ScriptedCamera()
        let (source, _) = Self.source(camera) {
            $0.width = 1280; $0.height = 720
        }
        let stream = try await source.start()
        #expect(stream.description.contains("asked for 1280x720 at 30 frames/s"))
        #expect(stream.description.contains("got 640x480 at 30 frames/s in YUYV"))
        await source.stop()
    }
}
