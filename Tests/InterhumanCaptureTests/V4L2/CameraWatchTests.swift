import Testing

@testable import InterhumanCapture

/// inotify on a directory that stands for /dev.
@Suite(.timeLimit(.minutes(5))) struct CameraWatchTests {
    @Test func onlyWhatConcernsCamerasIsAChange() async throws {
        let root = try Command.temporaryDirectory("interhuman-dev")
        defer { Command.runBlocking(["rm", "-r", root]) }
        let watch = try LinuxCameraWatch(root: root)
        defer { watch.close() }
        func touch(_ name: String) throws { try Command.write("", to: "\(root)/\(name)") }
        try touch("tty9")
        #expect(!watch.wait(milliseconds: 0))
        try touch("video7")
        #expect(watch.wait(milliseconds: 0))
        // udev's directories come later and are followed then.
        await Command.run(["mkdir", "-p", "\(root)/v4l/by-id"])
        while !watch.wait(milliseconds: 0) {}
        while watch.wait(milliseconds: 0) {}
        try touch("v4l/by-id/usb-Maker-video-index0")
        #expect(watch.wait(milliseconds: 0))
        watch.wake()
        #expect(!watch.wait(milliseconds: -1))
    }
}
