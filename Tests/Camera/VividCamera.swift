import InterhumanCapture
import InterhumanCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The kernel's virtual camera, as the VM's command line set it up: the first a webcam, the second an HDMI input.
enum VividCamera {
    /// Whether this process runs in the VM. Tests that inject faults must never touch a real camera.
    static let isPresent = getenv("INTERHUMAN_CAMERA_VM") != nil && access(driver, F_OK) == 0

    private static let driver = "/sys/bus/platform/drivers/vivid"

    /// A configuration small enough for an emulated machine.
    static func configuration(_ pixelFormat: PixelFormat? = nil) -> CameraConfiguration {
        var configuration = CameraConfiguration()
        configuration.width = 320
        configuration.height = 180
        configuration.frameRate = 5
        configuration.pixelFormat = pixelFormat
        configuration.discardedFrames = 0
        configuration.stallTimeout = .seconds(10)
        return configuration
    }

    /// The webcam by its bus, as there is no udev in the VM. Its node's number changes when it is plugged in again
    /// while a frame still holds the old one.
    static let webcamID = "platform:vivid-000 vivid"

    /// The webcam.
    static func webcam() async throws -> Camera {
        try await camera { $0.id == webcamID }
    }

    static func camera(where isMeant: (Camera) -> Bool) async throws -> Camera {
        guard let camera = try await Camera.list().first(where: isMeant) else {
            throw CaptureError(.notFound, operation: "find vivid", message: "vivid isn't loaded.")
        }
        return camera
    }

    /// Presses or sets a control by name.
    static func set(_ name: String, to value: Int32) async throws {
        let camera = try await webcam()
        guard let control = camera.controls.first(where: { $0.name == name }) else {
            throw CaptureError(
                .notFound, operation: "find control \(name)", message: "\(camera.controls.map(\.name))")
        }
        try await camera.set(control, to: value)
    }

    /// Plugs both cameras out.
    static func unplug() { write("vivid.0", to: "\(driver)/unbind") }

    /// Plugs them in.
    static func plug() { write("vivid.0", to: "\(driver)/bind") }

    /// Takes the driver out of the kernel. Returns modprobe's exit status.
    static func unload() -> Int32 { run(["/sbin/modprobe", "-r", "vivid"]) }

    /// Puts it back as VM/run.sh did.
    static func load() -> Int32 {
        run([
            "/sbin/modprobe", "vivid", "n_devs=2", "node_types=0x1,0x1", "num_inputs=1,1", "input_types=0,3",
        ])
    }

    private static func run(_ arguments: [String]) -> Int32 {
        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { argv.forEach { free($0) } }
        var process = pid_t()
        guard posix_spawn(&process, arguments[0], nil, nil, &argv, environ) == 0 else { return -1 }
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1 { if errno != EINTR { return -1 } }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -1
    }

    private static func write(_ text: String, to path: String) {
        let descriptor = open(path, O_WRONLY)
        guard descriptor >= 0 else { return }
        _ = text.withCString { Glibc.write(descriptor, $0, strlen($0)) }
        close(descriptor)
    }

    /// Where to write a record of the camera's answers; nil for no record.
    static let tracePath = getenv("INTERHUMAN_TRACE").map { String(cString: $0) }

    /// How often the camera is opened and closed: 20, or what INTERHUMAN_CAMERA_CYCLES says.
    static let cycles = getenv("INTERHUMAN_CAMERA_CYCLES").map { String(cString: $0) } ?? "20"
}
