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

    private static func write(_ text: String, to path: String) {
        let descriptor = open(path, O_WRONLY)
        guard descriptor >= 0 else { return }
        _ = text.withCString { Glibc.write(descriptor, $0, strlen($0)) }
        close(descriptor)
    }

    /// How often the camera is opened and closed: 20, or what INTERHUMAN_CAMERA_CYCLES says.
    static let cycles = getenv("INTERHUMAN_CAMERA_CYCLES").flatMap { Int(String(cString: $0)) } ?? 20

    /// What this process holds.
    struct Resources {
        var descriptors: Int
        var threads: Int
        var mappings: Int
        var kilobytes: Int
    }

    static var resources: Resources {
        let resident = lines("/proc/self/status").first { $0.hasPrefix("VmRSS:") }
        return Resources(
            descriptors: count("/proc/self/fd"), threads: count("/proc/self/task"),
            mappings: lines("/proc/self/maps").count,
            kilobytes: resident?.split(whereSeparator: { $0 == " " || $0 == "\t" }).compactMap { Int($0) }.first ?? -1)
    }

    private static func count(_ directory: String) -> Int {
        guard let handle = opendir(directory) else { return -1 }
        defer { closedir(handle) }
        var count = 0
        while readdir(handle) != nil { count += 1 }
        return count
    }

    private static func lines(_ path: String) -> [Substring] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var text = ""
        var buffer = [CChar](repeating: 0, count: 4096)
        while fgets(&buffer, Int32(buffer.count), file) != nil {
            text += String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return text.split(separator: "\n")
    }
}
