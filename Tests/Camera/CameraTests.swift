import InterhumanCapture
import InterhumanCore
import TestPrograms
import Testing

/// The public capture API against a kernel camera. One after the other: they share it.
@Suite(
    .serialized, .enabled(if: VividCamera.isPresent, "only inside the camera VM (Tests/Camera/test.sh)"),
    .timeLimit(.minutes(60)))
struct CameraTests {
    @Test func listsWhatTheKernelOffers() async throws {
        let cameras = try await Camera.list()
        #expect(cameras.map(\.bus) == ["platform:vivid-000", "platform:vivid-001"])
        let webcam = try #require(cameras.first)
        #expect(webcam.name == "vivid" && webcam.driver == "vivid" && webcam.problem == nil)
        #expect(Set(cameras.map(\.id)).count == 2)
        let yuyv = try #require(webcam.formats.first { $0.pixelFormat == .yuyv })
        #expect(yuyv.sizes.count == 6)
        let small = try #require(yuyv.sizes.first)
        #expect(small.widths == 320...320 && small.heights == 180...180)
        #expect(small.intervals.contains(.discrete(FrameInterval(numerator: 1, denominator: 60))))
        let formats = Set(webcam.formats.compactMap(\.pixelFormat))
        #expect(formats.isSuperset(of: [.yuyv, .uyvy, .nv12, .nv21, .i420, .rgb24, .bgr24, .gray8]))
        let brightness = try #require(webcam.controls.first { $0.name == "Brightness" })
        #expect(brightness.kind == .integer(range: 0...255, step: 1) && brightness.value == 128)
    }

    @Test(arguments: [
        PixelFormat.yuyv, .uyvy, .nv12, .nv21, .i420, .rgb24, .bgr24, .gray8,
    ])
    func everyFormatComesWholeAndInItsColours(_ format: PixelFormat) async throws {
        // Bars, and no text but the counter above them.
        try await VividCamera.set("Test Pattern", to: 0)
        try await VividCamera.set("OSD Text Mode", to: 1)
        let source = CameraSource(VividCamera.webcamID, configuration: VividCamera.configuration(format))
        let stream = try await source.start()
        #expect(stream.format.pixelFormat == format && stream.format.width == 320 && stream.format.height == 180)
        var last: VideoFrame?
        var count = 0
        var missing: UInt64 = 0
        for try await frame in stream.frames {
            if let last {
                #expect(frame.captureTime > last.captureTime)
                #expect((frame.sequence ?? 0) > (last.sequence ?? 0))
                missing += (frame.sequence ?? 0) - (last.sequence ?? 0) - 1
            }
            last = frame
            count += 1
            if count == 5 { break }
        }
        let frame = try #require(last)
        for (bar, expected) in ColourBars.expected.enumerated() where format != .gray8 {
            let seen = try #require(ColourBars.colour(of: frame, bar: bar))
            #expect(seen.isNear(expected), "bar \(bar) of \(format) is \(seen), not \(expected)")
        }
        last = nil
        await source.stop()
        #expect(source.statistics.corrupt == 0)
        // A busy machine makes the driver skip frames; none is missing that isn't counted.
        #expect(missing <= source.statistics.droppedByDriver + source.statistics.droppedByConsumer)
    }

    /// Every size of every format, without a gap in the driver's numbers at a rate that an emulated machine holds.
    @Test(arguments: [
        PixelFormat.yuyv, .uyvy, .nv12, .nv21, .i420, .rgb24, .bgr24, .gray8,
    ])
    func everySizeIsGrantedAndCapturedWithoutAGap(_ format: PixelFormat) async throws {
        let camera = try await VividCamera.webcam()
        let sizes = try #require(camera.formats.first { $0.pixelFormat == format }).sizes
        #expect(sizes.count == 6)
        for size in sizes {
            let (width, height) = (size.widths.upperBound, size.heights.upperBound)
            var statistics: CameraStatistics?
            let offered = size.intervals.compactMap { interval in
                if case .discrete(let interval) = interval { interval.framesPerSecond } else { nil }
            }
            // A machine that is busy with other things holds the next lower one.
            for rate in [5.0, 2, 1] where offered.contains(rate) && statistics?.droppedByDriver != 0 {
                statistics = try await capture(camera.path, format, width, height, rate: rate)
            }
            #expect(statistics?.droppedByDriver == 0, "\(format) \(width)x\(height)")
        }
    }

    /// Takes five frames.
    private func capture(
        _ path: String, _ format: PixelFormat, _ width: Int, _ height: Int, rate: Double
    ) async throws -> CameraStatistics {
        var configuration = VividCamera.configuration(format)
        (configuration.width, configuration.height, configuration.frameRate) = (width, height, rate)
        let source = CameraSource(path, configuration: configuration)
        let stream = try await source.start()
        #expect(stream.format.width == width && stream.format.height == height)
        var count = 0
        for try await frame in stream.frames {
            frame.storage.withPlanes { planes in
                #expect(planes.reduce(0) { $0 + $1.bytes.count } >= width * height)
            }
            count += 1
            if count == 5 { break }
        }
        await source.stop()
        #expect(source.statistics.corrupt == 0)
        return source.statistics
    }

    @Test func theWantedRateComesBeforeTheSize() async throws {
        var configuration = VividCamera.configuration()
        (configuration.width, configuration.height, configuration.frameRate) = (1280, 720, 25)
        let source = CameraSource(VividCamera.webcamID, configuration: configuration)
        let stream = try await source.start()
        // vivid's table: 1280x720 at 12.5 frames a second and fewer, 640x480 at 25.
        #expect(stream.format.height < 720 && stream.nominalFrameRate == 25)
        #expect(stream.description.contains("asked for 1280x720 at 25 frames/s"))
        await source.stop()
    }

    @Test func thePictureMoves() async throws {
        let source = CameraSource(VividCamera.webcamID, configuration: VividCamera.configuration(.gray8))
        let stream = try await source.start()
        var pictures: Set<[UInt8]> = []
        for try await frame in stream.frames {
            // The upper left corner shows a running counter and the time.
            pictures.insert(frame.storage.withPlanes { Array($0[0].bytes.prefix(320 * 40)) })
            if pictures.count == 3 { break }
        }
        #expect(pictures.count == 3)
        await source.stop()
    }

    @Test func timesAreOfTheMonotonicClockAndTheExposure() async throws {
        for choice: Int32 in [0, 1] {
            // 0: the end of the frame, from which an interval is taken; 1: the start of the exposure.
            try await VividCamera.set("Timestamp Source", to: choice)
            var configuration = VividCamera.configuration(.gray8)
            configuration.frameRate = 10
            let source = CameraSource(VividCamera.webcamID, configuration: configuration)
            let stream = try await source.start()
            var frames = stream.frames.makeAsyncIterator()
            for _ in 0..<3 {
                let frame = try #require(try await frames.next())
                let age = (SystemClock().now - frame.captureTime).inSeconds
                #expect(age >= 0 && age < 5)
            }
            await source.stop()
            #expect(source.statistics.restamped == 0)
        }
        try await VividCamera.set("Timestamp Source", to: 0)
    }

    @Test func aSecondProgramIsToldThatTheCameraIsBusy() async throws {
        let first = CameraSource(VividCamera.webcamID, configuration: VividCamera.configuration())
        let stream = try await first.start()
        let second = CameraSource(VividCamera.webcamID, configuration: VividCamera.configuration())
        let error = await #expect(throws: CaptureError.self) { try await second.start() }
        #expect(error?.code == .busy && error?.message.contains("fuser -v /dev/video") == true)
        var frames = stream.frames.makeAsyncIterator()
        #expect(try await frames.next() != nil)
        await first.stop()
        // Given up, it is free at once.
        let third = CameraSource(VividCamera.webcamID, configuration: VividCamera.configuration())
        _ = try await third.start()
        await third.stop()
    }

    @Test func controlsAreSetReadAndReset() async throws {
        let camera = try await VividCamera.webcam()
        let brightness = try #require(camera.controls.first { $0.name == "Brightness" })
        #expect(try await camera.set(brightness, to: 200) == 200)
        #expect(try await camera.value(of: brightness) == 200)
        #expect(try await camera.reset(brightness) == 128)
        let error = await #expect(throws: CaptureError.self) { try await camera.set(brightness, to: 1000) }
        #expect(error?.code == .unsupported && error?.message.contains("0 to 255") == true)
    }

    @Test func aPathThatIsNoCameraIsToldSo() async throws {
        for (path, code) in [("/dev/video9", CaptureError.Code.notFound), ("/dev/null", .unsupported)] {
            let error = await #expect(throws: CaptureError.self) { try await CameraSource(path).start() }
            #expect(error?.code == code, "\(path): \(String(describing: error))")
        }
    }

    @Test func manyCyclesLeaveNothingBehind() async throws {
        let program = try builtProgram(
            "CaptureCycles", ["camera", try await VividCamera.webcam().path, VividCamera.cycles])
        let report = await program.output.text()
        print(report)
        #expect(await program.waitUntilExit() == 0, "\(report)")
    }
}
