import InterhumanCapture
import InterhumanCore
import Testing

extension CameraTests {
    /// What goes wrong with cameras, injected into the kernel's driver.
    @Suite(.serialized, .enabled(if: VividCamera.isPresent, "only inside the camera VM (Tests/Camera/test.sh)"))
    struct Faults {
        /// A source over the webcam that has delivered a frame.
        private func running(
            _ configure: (inout CameraConfiguration) -> Void = { _ in }
        ) async throws -> (CameraSource, VideoStream) {
            var configuration = VividCamera.configuration(.gray8)
            configure(&configuration)
            let source = CameraSource(VividCamera.webcamID, configuration: configuration)
            let stream = try await source.start()
            var frames = stream.frames.makeAsyncIterator()
            #expect(try await frames.next() != nil)
            return (source, stream)
        }

        @Test func unpluggedEndsTheFramesWithTheError() async throws {
            let (source, stream) = try await running()
            VividCamera.unplug()
            let error = await #expect(throws: CaptureError.self) { for try await _ in stream.frames {} }
            #expect(error?.code == .deviceLost)
            await source.stop()
            VividCamera.plug()
        }

        @Test func unpluggedAndPluggedInGoesOnOnTheSameTimeline() async throws {
            let (source, stream) = try await running { $0.whenLost = .wait(atMost: .seconds(60)) }
            var frames = stream.frames.makeAsyncIterator()
            let before = try #require(try await frames.next())
            var events = source.events.makeAsyncIterator()
            VividCamera.unplug()
            while let event = await events.next() { if case .lost = event { break } }
            VividCamera.plug()
            while let event = await events.next(), event != .returned {}
            var after = try #require(try await frames.next())
            for _ in 0..<3 {
                let next = try #require(try await frames.next())
                #expect(next.captureTime > after.captureTime && (next.sequence ?? 0) > (after.sequence ?? 0))
                after = next
            }
            #expect(after.captureTime > before.captureTime && (after.sequence ?? 0) > (before.sequence ?? 0))
            #expect(source.statistics.restarts == 1)
            await source.stop()
        }

        @Test func aDamagedBufferIsSkippedAndCounted() async throws {
            let (source, stream) = try await running()
            try await VividCamera.set("Inject V4L2_BUF_FLAG_ERROR", to: 1)
            var frames = stream.frames.makeAsyncIterator()
            while source.statistics.corrupt == 0 { #expect(try await frames.next() != nil) }
            #expect(try await frames.next() != nil)
            await source.stop()
        }

        @Test func droppedBuffersShowAsGapsInTheNumbers() async throws {
            try await VividCamera.set("Percentage of Dropped Buffers", to: 50)
            let (source, stream) = try await running()
            var frames = stream.frames.makeAsyncIterator()
            while source.statistics.droppedByDriver == 0 { #expect(try await frames.next() != nil) }
            await source.stop()
            try await VividCamera.set("Percentage of Dropped Buffers", to: 0)
        }

        @Test func aFatalStreamingErrorIsHealedByOpeningAfresh() async throws {
            let (source, stream) = try await running()
            try await VividCamera.set("Inject Fatal Streaming Error", to: 1)
            var frames = stream.frames.makeAsyncIterator()
            while source.statistics.restarts == 0 { #expect(try await frames.next() != nil) }
            #expect(try await frames.next() != nil)
            await source.stop()
        }

        /// vivid's own idea of it: every call fails with ENODEV until the last program has closed the device.
        @Test func aCameraThatAnswersNoMoreIsLostAndReturnsByItself() async throws {
            let (source, stream) = try await running { $0.whenLost = .wait(atMost: .seconds(60)) }
            var frames = stream.frames.makeAsyncIterator()
            var events = source.events.makeAsyncIterator()
            try await VividCamera.set("Disconnect", to: 1)
            while let event = await events.next(), event != .returned {}
            #expect(try await frames.next() != nil)
            await source.stop()
        }

        @Test(arguments: [
            "Inject VIDIOC_REQBUFS Error", "Inject VIDIOC_QBUF Error", "Inject VIDIOC_STREAMON Error",
        ])
        func aRefusedStartIsTriedWithTheNextChoiceOrTold(_ control: String) async throws {
            try await VividCamera.set(control, to: 1)
            let source = CameraSource(VividCamera.webcamID, configuration: VividCamera.configuration(.gray8))
            do {
                _ = try await source.start()
            } catch {
                #expect(error.code != .busy && error.underlying?.contains("VIDIOC_") == true)
            }
            await source.stop()
            // The injected error is used up: the camera is whole again.
            let again = CameraSource(VividCamera.webcamID, configuration: VividCamera.configuration(.gray8))
            _ = try await again.start()
            await again.stop()
        }

        /// The kernel lets a module go only when nobody holds its device: what streamed leaves nothing behind.
        @Test func theModuleIsUnloadedAndLoadedMidStream() async throws {
            let (source, stream) = try await running { $0.whenLost = .wait(atMost: .seconds(120)) }
            var frames = stream.frames.makeAsyncIterator()
            let before = try #require(try await frames.next()).captureTime
            var events = source.events.makeAsyncIterator()
            // In use, it stays.
            #expect(VividCamera.unload() != 0)
            VividCamera.unplug()
            while let event = await events.next() { if case .lost = event { break } }
            #expect(VividCamera.unload() == 0)
            #expect(VividCamera.load() == 0)
            while let event = await events.next(), event != .returned {}
            #expect(try #require(try await frames.next()).captureTime > before)
            await source.stop()
            #expect(source.statistics.restarts == 1)
        }

        @Test func changesOfTheListAreTold() async throws {
            var lists = Camera.changes().makeAsyncIterator()
            #expect(try await lists.next()?.count == 2)
            VividCamera.unplug()
            while let list = try await lists.next(), !list.isEmpty {}
            VividCamera.plug()
            while let list = try await lists.next(), list.count != 2 {}
        }
    }
}
