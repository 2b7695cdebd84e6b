import CInterhumanV4L2
import InterhumanCore
import Testing

@testable import InterhumanCapture

/// What goes wrong with cameras, each as its error or event.
@Suite(.timeLimit(.minutes(5))) struct CameraFaultTests {
    private func startError(
        _ configure: (inout ScriptedCamera.State) -> Void
    ) async throws -> (error: CaptureError?, camera: ScriptedCamera) {
        let camera = try ScriptedCamera(configure)
        let (source, _) = CameraSourceTests.source(camera)
        let error = await #expect(throws: CaptureError.self) { try await source.start() }
        return (error, camera)
    }

    @Test(arguments: [CameraRequest.setFormat, .requestBuffers, .streamOn])
    func busyAnywhereIsBusy(_ request: CameraRequest) async throws {
        let (error, camera) = try await startError { $0.standing[request] = EBUSY }
        #expect(error?.code == .busy)
        #expect(error?.underlying?.hasPrefix(request.rawValue) == true)
        #expect(error?.message.contains("fuser") == true)
        #expect(camera.openDevices == 0 && camera.mappings == 0)
    }

    @Test func refusedAccessNamesTheGroup() async throws {
        let (error, _) = try await startError { $0.openFailure = EACCES }
        #expect(error?.code == .permissionDenied)
        #expect(error?.message.contains("usermod -aG video") == true)
        #expect(error?.message.contains("--device /dev/video0") == true)
    }

    @Test func noCameraAtAllSaysWhereToLook() async throws {
        let source = CameraSource(nil, configuration: .init(), system: ScriptedSystem([], clock: ScriptedClock()))
        let error = await #expect(throws: CaptureError.self) { try await source.start() }
        #expect(error?.code == .notFound && error?.message.contains("--device /dev/video0") == true)
    }

    @Test func aMetadataNodeIsNoCamera() async throws {
        let (error, camera) = try await startError {
            $0.capabilities = UInt32(V4L2_CAP_META_CAPTURE | V4L2_CAP_STREAMING)
        }
        #expect(error?.code == .notFound)
        let system = ScriptedSystem([camera], clock: camera.clock)
        #expect(try CameraList(system: system).cameras().isEmpty)
        let named = CameraSource("/dev/video0", configuration: .init(), system: system)
        let told = await #expect(throws: CaptureError.self) { try await named.start() }
        #expect(told?.code == .unsupported && told?.message.contains("metadata") == true)
    }

    @Test func aMultiPlanarCameraIsListedWithItsProblem() throws {
        let camera = try ScriptedCamera {
            $0.capabilities = UInt32(V4L2_CAP_VIDEO_CAPTURE_MPLANE | V4L2_CAP_STREAMING)
        }
        let listed = try CameraList(system: ScriptedSystem([camera], clock: camera.clock)).cameras()
        #expect(listed.first?.problem?.code == .unsupported)
    }

    @Test func lackOfBandwidthIsHealedByMJPEG() async throws {
        let camera = try ScriptedCamera {
            $0.formats = [ScriptedCamera.yuyv, ScriptedCamera.mjpeg]
            $0.failures[.streamOn] = [ENOSPC]
        }
        let (source, _) = CameraSourceTests.source(camera) { ($0.width, $0.height) = (640, 480) }
        let stream = try await source.start()
        #expect(stream.format.pixelFormat == .mjpeg && stream.format.width == 640)
        #expect(stream.description.contains("Refused before: YUYV 640x480: VIDIOC_STREAMON"))
        await source.stop()
        #expect(camera.openDevices == 0 && camera.mappings == 0)
    }

    @Test func lackOfBandwidthWithoutMJPEGTakesLess() async throws {
        let camera = try ScriptedCamera { $0.failures[.streamOn] = [ENOSPC] }
        let (source, _) = CameraSourceTests.source(camera) { ($0.width, $0.height) = (640, 480) }
        let stream = try await source.start()
        #expect(stream.format.width == 320)
        await source.stop()
    }

    @Test func lackOfBandwidthForAllSaysSo() async throws {
        let (error, _) = try await startError { $0.standing[.streamOn] = ENOSPC }
        #expect(error?.code == .unsupported && error?.message.contains("USB bus") == true)
    }

    @Test func oneBufferIsNotEnough() async throws {
        let (error, camera) = try await startError { $0.grantedBuffers = 1 }
        #expect(error?.code == .system && camera.openDevices == 0)
    }

    @Test func unpluggedEndsTheFramesWithAnErrorAndReleasesAll() async throws {
        let camera = try ScriptedCamera()
        let (source, system) = CameraSourceTests.source(camera)
        let stream = try await source.start()
        system.unplug(camera)
        let error = await #expect(throws: CaptureError.self) { for try await _ in stream.frames {} }
        #expect(error?.code == .deviceLost)
        await source.stop()
        #expect(camera.openDevices == 0 && camera.mappings == 0)
    }

    @Test func pluggedInAgainGoesOnWithTheSameTimeline() async throws {
        let camera = try ScriptedCamera()
        let (source, system) = CameraSourceTests.source(camera) { $0.whenLost = .wait(atMost: .seconds(60)) }
        let stream = try await source.start()
        var frames = stream.frames.makeAsyncIterator()
        var events = source.events.makeAsyncIterator()
        camera.deliver(sequence: 41)
        let before = try #require(try await frames.next()?.captureTime)
        // One that nobody reads must not keep the dead device open.
        camera.deliver(sequence: 42)
        await camera.settled()
        system.unplug(camera)
        while let event = await events.next() { if case .lost = event { break } }
        system.plug(camera)
        while let event = await events.next(), event != .returned {}
        while let event = await events.next() { if case .started = event { break } }
        camera.clock.advance(by: .seconds(2))
        camera.deliver(sequence: 0)
        let after = try #require(try await frames.next())
        // Number 1 was read, number 2 let go.
        #expect(after.captureTime > before && after.sequence == 3)
        #expect(source.statistics.restarts == 1 && source.statistics.droppedByConsumer == 1)
        #expect(camera.openDevices == 1)
        await source.stop()
        // Whoever uses the stream hears of it as well, beside the source's own events.
        let monitor = try #require(stream.monitor)
        var told: [SourceEvent] = []
        for await event in monitor.events { told.append(event) }
        guard case .lost(let reason) = told.first else {
            Issue.record("told \(told)")
            return
        }
        #expect(!reason.isEmpty && told.dropFirst() == [.returned])
        #expect(monitor.statistics.dropped == 1)
    }

    @Test func anotherCameraIsNotTakenForTheLostOne() async throws {
        let clock = ScriptedClock()
        let lost = try ScriptedCamera(clock: clock)
        let other = try ScriptedCamera(path: "/dev/video2", byID: "usb-Other_Camera-video-index0", clock: clock)
        var configuration = CameraConfiguration()
        configuration.whenLost = .wait(atMost: .seconds(5))
        let system = ScriptedSystem([lost, other], clock: clock)
        let source = CameraSource(lost.node.byID, configuration: configuration, system: system)
        let stream = try await source.start()
        let openedBefore = other.log.filter { $0 == .streamOn }.count
        // Waits now let the time pass: the five seconds are over at once.
        clock.mayBlock = false
        system.unplug(lost)
        let error = await #expect(throws: CaptureError.self) { for try await _ in stream.frames {} }
        #expect(error?.code == .deviceLost)
        #expect(other.log.filter { $0 == .streamOn }.count == openedBefore)
        await source.stop()
    }

    @Test func damagedFramesAreSkippedCountedAndReturned() async throws {
        let camera = try ScriptedCamera()
        let (source, _) = CameraSourceTests.source(camera)
        let stream = try await source.start()
        camera.deliver(sequence: 0, flags: V4L2_BUF_FLAG_ERROR | V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC)
        camera.deliver(sequence: 1, bytes: [])
        camera.deliver(sequence: 2, bytes: [1, 2, 3])
        camera.deliver(sequence: 3)
        var frames = stream.frames.makeAsyncIterator()
        #expect(try await frames.next()?.sequence == 4)
        #expect(source.statistics.corrupt == 3 && source.statistics.delivered == 1)
        await camera.settled()
        #expect(camera.queuedCount == 6)
        await source.stop()
    }

    @Test func gapsInTheNumbersAreDropsAndNumbersWithoutACountAreNot() async throws {
        let camera = try ScriptedCamera()
        let (source, _) = CameraSourceTests.source(camera)
        let stream = try await source.start()
        var frames = stream.frames.makeAsyncIterator()
        var numbers: [UInt64] = []
        for number: UInt32 in [.max - 1, 2, 2, 2, 1] {
            camera.clock.advance(by: .milliseconds(33))
            camera.deliver(sequence: number)
            numbers.append(try #require(try await frames.next()?.sequence))
        }
        #expect(numbers == [1, 5, 6, 7, 8] && source.statistics.droppedByDriver == 3)
        await source.stop()
    }

    @Test func theFirstFramesAreLetGo() async throws {
        let camera = try ScriptedCamera()
        let (source, _) = CameraSourceTests.source(camera) { $0.discardedFrames = 2 }
        let stream = try await source.start()
        for number: UInt32 in 0..<3 { camera.deliver(sequence: number) }
        var frames = stream.frames.makeAsyncIterator()
        #expect(try await frames.next()?.sequence == 3)
        #expect(source.statistics.discarded == 2)
        await source.stop()
    }

    @Test func aStallOpensTheCameraAfreshAndInTheEndFails() async throws {
        let camera = try ScriptedCamera(clock: ScriptedClock(mayBlock: false))
        let (source, _) = CameraSourceTests.source(camera)
        let stream = try await source.start()
        let error = await #expect(throws: CaptureError.self) { for try await _ in stream.frames {} }
        #expect(error?.code == .deviceLost && error?.message.contains("no frames") == true)
        var events = source.events.makeAsyncIterator()
        var stalls = 0
        while let event = await events.next() {
            if case .stalled(let time) = event, time >= .seconds(3) { stalls += 1 }
        }
        #expect(stalls == 6 && source.statistics.restarts == 5)
        await source.stop()
        #expect(camera.openDevices == 0 && camera.mappings == 0)
    }

    @Test func aSingleLostFrameIsNoReasonToOpenAfresh() async throws {
        let camera = try ScriptedCamera()
        let (source, _) = CameraSourceTests.source(camera)
        let stream = try await source.start()
        var frames = stream.frames.makeAsyncIterator()
        for number: UInt32 in 0..<6 {
            camera.change { $0.failures[.dequeueBuffer] = [EIO, EIO] }
            camera.clock.advance(by: .milliseconds(33))
            camera.deliver(sequence: number)
            #expect(try await frames.next() != nil)
            await camera.settled()
        }
        #expect(source.statistics.restarts == 0 && source.statistics.delivered == 6)
        await source.stop()
    }

    @Test func nothingButDamagedFramesIsAStall() async throws {
        let camera = try ScriptedCamera()
        let (source, _) = CameraSourceTests.source(camera)
        let stream = try await source.start()
        var events = source.events.makeAsyncIterator()
        _ = await events.next()
        camera.deliver(sequence: 0, bytes: [])
        await camera.settled()
        // The worker's watch has begun by now; far more than its time goes by with a damaged frame only.
        camera.clock.advance(by: .seconds(10))
        camera.deliver(sequence: 1, bytes: [])
        guard case .stalled(let time) = await events.next() else {
            Issue.record("no stall")
            return
        }
        #expect(time >= .seconds(3))
        while let event = await events.next() { if case .started = event { break } }
        camera.deliver(sequence: 0)
        var frames = stream.frames.makeAsyncIterator()
        #expect(try await frames.next() != nil)
        await source.stop()
    }

    @Test(arguments: [EIO, EPIPE, EINVAL])
    func aFailedDequeueIsHealedByOpeningAfresh(_ code: Int32) async throws {
        let camera = try ScriptedCamera()
        let (source, _) = CameraSourceTests.source(camera)
        let stream = try await source.start()
        var frames = stream.frames.makeAsyncIterator()
        var events = source.events.makeAsyncIterator()
        _ = await events.next()
        _ = camera.change { state in
            // One EIO alone may be a frame that was lost.
            state.failures[.dequeueBuffer] = [Int32](repeating: code, count: code == EIO ? 3 : 1)
            return state.filled.count
        }
        camera.deliver(sequence: 0)
        while let event = await events.next() { if case .started = event { break } }
        camera.deliver(sequence: 0)
        #expect(try await frames.next() != nil)
        #expect(source.statistics.restarts == 1)
        await source.stop()
    }

    @Test func aChangeOfTheSourceIsFollowed() async throws {
        let camera = try ScriptedCamera()
        let (source, _) = CameraSourceTests.source(camera)
        let stream = try await source.start()
        var frames = stream.frames.makeAsyncIterator()
        var events = source.events.makeAsyncIterator()
        _ = await events.next()
        _ = camera.change { state in
            state.formats = [FormatNegotiationTests.format("YUYV", [(640, 480, [30])])]
            state.pendingEvents = [UInt32(V4L2_EVENT_SOURCE_CHANGE)]
            return 0
        }
        var told: VideoFormat?
        while let event = await events.next() {
            if case .formatChanged(let format) = event { told = format }
            if case .started = event { break }
        }
        #expect(told?.width == 640)
        camera.deliver(sequence: 0)
        #expect(try await frames.next()?.format.width == 640)
        await source.stop()
    }

    @Test func aControlThatIsRefusedIsAWarning() async throws {
        let camera = try ScriptedCamera()
        let (source, _) = CameraSourceTests.source(camera) { $0.keepsFrameRate = true }
        _ = try await source.start()
        var events = source.events.makeAsyncIterator()
        _ = await events.next()
        guard case .warning(let text) = await events.next() else {
            Issue.record("no warning")
            return
        }
        #expect(text.contains("keep its frame rate"))
        await source.stop()
    }
}
