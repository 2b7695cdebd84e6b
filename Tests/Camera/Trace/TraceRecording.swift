import InterhumanCore
import Testing

@testable import InterhumanCapture

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension CameraTests {
    /// Records what vivid answers, for tests that need no VM: `Tests/Camera/record.sh`.
    @Suite(.serialized, .enabled(if: VividCamera.tracePath != nil, "only where INTERHUMAN_TRACE names a file"))
    struct TraceRecording {
        /// Eight frames, a damaged one, a fatal error that is healed by opening afresh, the plug pulled out.
        @Test func aLifeOfACamera() async throws {
            let recorder = TraceRecorder(path: try await VividCamera.webcam().path)
            var configuration = VividCamera.configuration(.yuyv)
            configuration.frameRate = 15
            let source = CameraSource(nil, configuration: configuration, system: recorder)
            let stream = try await source.start()
            var frames = stream.frames.makeAsyncIterator()
            for _ in 0..<8 { #expect(try await frames.next() != nil) }
            try await VividCamera.set("Inject V4L2_BUF_FLAG_ERROR", to: 1)
            while source.statistics.corrupt == 0 { #expect(try await frames.next() != nil) }
            try await VividCamera.set("Inject Fatal Streaming Error", to: 1)
            while source.statistics.restarts == 0 { #expect(try await frames.next() != nil) }
            for _ in 0..<4 { #expect(try await frames.next() != nil) }
            VividCamera.unplug()
            await #expect(throws: CaptureError.self) { while try await frames.next() != nil {} }
            await source.stop()
            try write(recorder.lines)
        }

        private func write(_ lines: [String]) throws {
            var system = utsname()
            uname(&system)
            let release = withUnsafeBytes(of: system.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            let text = (["# vivid of Linux \(release), recorded by Tests/Camera/record.sh"] + lines).joined(
                separator: "\n")
            let path: String = try #require(VividCamera.tracePath)
            let file = try #require(fopen(path, "w"))
            #expect(fputs(text + "\n", file) >= 0)
            #expect(fclose(file) == 0)
        }
    }
}
