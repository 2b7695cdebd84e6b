import InterhumanCore
import Testing

@testable import InterhumanCapture

/// What the kernel's vivid driver really answered, played to the capture layer.
@Suite(.timeLimit(.minutes(5))) struct TraceTests {
    private func player() throws -> TracePlayer {
        let directory = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        return try TracePlayer(path: "/\(directory)/vivid.trace")
    }

    @Test func theListingIsWhatTheDriverOffered() throws {
        let player = try player()
        let camera = try #require(try CameraList(system: player).cameras().first)
        #expect(camera.name == "vivid" && camera.driver == "vivid" && camera.bus == "platform:vivid-000")
        #expect(camera.problem == nil && camera.formats.count > 30)
        let known = Set(camera.formats.compactMap(\.pixelFormat))
        #expect(known.isSuperset(of: [.yuyv, .uyvy, .nv12, .nv21, .i420, .rgb24, .bgr24, .gray8]))
        let yuyv = try #require(camera.formats.first { $0.pixelFormat == .yuyv })
        #expect(yuyv.sizes.map(\.widths.upperBound) == [320, 640, 640, 1280, 1920, 3840])
        let fastest = yuyv.sizes.map { $0.intervals.map { $0.nearest(to: 1_000).framesPerSecond }.max() }
        #expect(fastest.first == 60 && fastest.allSatisfy { $0 != nil })
        let brightness = try #require(camera.controls.first { $0.name == "Brightness" })
        #expect(brightness.kind == .integer(range: 0...255, step: 1) && brightness.defaultValue == 128)
        #expect(camera.controls.contains { if case .menu(let items) = $0.kind { items.count > 1 } else { false } })
        #expect(player.unknown.isEmpty && player.openDevices == 0)
    }

    @Test func aLifeOfACameraEndsAsItDid() async throws {
        let player = try player()
        var configuration = CameraConfiguration()
        (configuration.width, configuration.height, configuration.frameRate) = (320, 180, 15)
        configuration.pixelFormat = .yuyv
        configuration.discardedFrames = 0
        configuration.stallTimeout = .seconds(10)
        let source = CameraSource(nil, configuration: configuration, system: player)
        let stream = try await source.start()
        #expect(stream.format.width == 320 && stream.format.height == 180 && stream.format.pixelFormat == .yuyv)
        #expect(stream.nominalFrameRate == 15 && stream.format.range == .limited)
        var last: VideoFrame?
        let error = await #expect(throws: CaptureError.self) {
            for try await frame in stream.frames {
                if let last { #expect(frame.captureTime > last.captureTime && frame.sequence! > last.sequence!) }
                frame.storage.withPlanes { #expect($0[0].bytes.count == 320 * 180 * 2 && $0[0].bytesPerRow == 640) }
                last = frame
            }
        }
        last = nil
        #expect(error?.code == .deviceLost)
        await source.stop()
        let statistics = source.statistics
        // The damaged buffer, the fatal error and the frames between are all in the trace.
        #expect(statistics.corrupt == 1 && statistics.restarts == 1)
        #expect(statistics.delivered >= 12)
        #expect(player.unknown.isEmpty, "\(player.unknown.prefix(5))")
        #expect(player.openDevices == 0 && player.mappings == 0)
    }
}
