@testable import InterhumanCapture

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A PulseAudio daemon of a test's own, in a directory of its own: a null sink "room" with its monitor, and a source
/// "tone" of 1 kHz. Both run in real time.
final class PulseDaemon: SoundDaemon {
    /// Whether the daemon and its control program are installed.
    static let isInstalled = Command.exists("pulseaudio") && Command.exists("pactl")

    struct StartFailure: Error {
        var status: Int32
    }

    private let directory: String
    private let modules: [String]

    var address: String { "unix:\(directory)/native" }

    init(
        modules: [String] = [
            "module-null-sink sink_name=room rate=48000 channels=2",
            "module-sine-source source_name=tone frequency=1000 rate=48000",
        ]
    ) async throws {
        directory = try Command.temporaryDirectory("interhuman-pulse")
        self.modules = modules
        try await start()
    }

    deinit {
        let (directory, environment) = (directory, environment)
        // Nobody waits for it.
        try? DeviceThread.start(named: "test-cleaning") {
            Command.runBlocking(["pulseaudio", "--kill"], environment: environment)
            Command.runBlocking(["rm", "-r", directory])
        }
    }

    private var environment: [String: String] {
        [
            "HOME": directory, "XDG_RUNTIME_DIR": directory, "PULSE_RUNTIME_PATH": directory,
            "PULSE_STATE_PATH": directory,
        ]
    }

    /// Starts the daemon; it answers when this returns, as the parent of a daemon ends only then.
    func start() async throws {
        let native = "module-native-protocol-unix socket=\(directory)/native auth-anonymous=1 auth-cookie-enabled=0"
        let loads = ([native] + modules).flatMap { ["-L", $0] }
        let status = await Command.run(
            [
                "pulseaudio", "-n", "--system=false", "--daemonize=yes", "--exit-idle-time=-1", "--use-pid-file=yes",
                "--disable-shm=yes", "--realtime=no", "--high-priority=no", "--log-target=file:\(directory)/log",
            ] + loads, environment: environment)
        guard status == 0 else { throw StartFailure(status: status) }
    }

    /// Ends the daemon and waits until it is gone.
    func kill() async {
        let process = processID
        guard await Command.run(["pulseaudio", "--kill"], environment: environment) == 0, let process else { return }
        // The signal is only sent; the daemon still writes to its directory for a moment.
        await Command.run(["tail", "--pid=\(process)", "-s", "0.05", "-f", "/dev/null"])
    }

    /// What the daemon wrote into its own file.
    private var processID: Int? {
        guard let file = fopen("\(directory)/pid", "r") else { return nil }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 32)
        guard fgets(&buffer, Int32(buffer.count), file) != nil else { return nil }
        let digits = buffer.map { UInt8(bitPattern: $0) }.prefix { (0x30...0x39).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
