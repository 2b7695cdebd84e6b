import CInterhumanV4L2
import InterhumanCore

@testable import InterhumanCapture

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// PipeWire with its pulse server and WirePlumber, of a test's own, in a directory of its own: a null sink "room" with
/// its monitor, and a source "quiet" of silence. A private D-Bus session goes with them, which WirePlumber wants.
final class PipeWireDaemon: SoundDaemon {
    static let isInstalled = ["pipewire", "pipewire-pulse", "wireplumber", "dbus-run-session", "pactl"]
        .allSatisfy(Command.exists)

    private let directory: String
    private let process: Command.Group

    var address: String { "unix:\(directory)/pulse/native" }

    init() async throws {
        directory = try Command.temporaryDirectory("interhuman-pipewire")
        let settings = "\(directory)/pipewire/pipewire.conf.d"
        await Command.run(["mkdir", "-p", settings])
        try Command.write(Self.configuration, to: "\(settings)/test.conf")
        let files = try PathWatch(directory: directory)
        process = try Command.Group(
            ["dbus-run-session", "--", "pipewire"],
            environment: ["HOME": directory, "XDG_RUNTIME_DIR": directory, "XDG_CONFIG_HOME": directory])
        let address = address
        // Written when the server listens; the socket is there before.
        let path = "\(directory)/pulse/pid"
        try await DeviceThread.run(named: "test-pipewire") { files.wait(for: path) }
        // WirePlumber brings the nodes a moment later.
        var lists = MicrophoneChanges.sequence(address: address).makeAsyncIterator()
        while let list = try await lists.next(), !list.contains(where: { $0.id == "quiet" }) {}
    }

    /// Ends the daemons and waits for the first of them.
    func kill() async {
        // Only a thread that can't be had throws; the test then fails by its time limit.
        try? await DeviceThread.run(named: "test-pipewire") { [process] in process.end() }
    }

    deinit {
        let (directory, process) = (directory, process)
        // Nobody waits for it.
        try? DeviceThread.start(named: "test-cleaning") {
            process.end()
            Command.runBlocking(["rm", "-r", directory])
        }
    }

    /// PipeWire starts the others itself when its own socket is there. One channel: its mixing of two into one is louder by
    /// 3 dB than PulseAudio's.
    private static let configuration = """
        context.exec = [
            { path = "wireplumber" }
            { path = "pipewire-pulse" }
        ]
        context.objects = [
            { factory = adapter
              args = { factory.name = support.null-audio-sink  node.name = room  media.class = Audio/Sink
                       audio.position = [ MONO ]  audio.rate = 48000  object.linger = true } }
            { factory = adapter
              args = { factory.name = support.null-audio-sink  node.name = quiet  media.class = Audio/Source/Virtual
                       audio.position = [ MONO ]  audio.rate = 48000  object.linger = true } }
        ]
        """
}

/// Waits for a file that a program makes in a directory or one below it.
private final class PathWatch: Sendable {
    private let descriptor: Int32
    private let directory: String

    init(directory: String) throws(SystemFailure) {
        self.directory = directory
        descriptor = inotify_init1(Int32(IN_CLOEXEC))
        guard descriptor >= 0 else { throw SystemFailure(call: "inotify_init1", code: errno) }
        watch()
    }

    deinit { close(descriptor) }

    private func watch() {
        for path in [directory, "\(directory)/pulse"] { _ = inotify_add_watch(descriptor, path, UInt32(IN_CREATE)) }
    }

    func wait(for path: String) {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while access(path, F_OK) != 0 {
            _ = read(descriptor, &buffer, buffer.count)
            watch()
        }
    }
}
