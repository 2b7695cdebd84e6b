import Glibc
import Interhuman

/// The doctor's checks of cameras and microphones.
enum DeviceChecks {
    static func findings() async -> [Finding] {
        [container] + nodes + [await cameras(), soundPlaces] + (await sound())
    }

    // MARK: Container

    private static var containerSigns: [String] {
        let files = ["/.dockerenv", "/run/.containerenv"].filter(FileCheck.exists)
        return files + (getenv("container").map { ["container=\(String(cString: $0))"] } ?? [])
    }

    private static var container: Finding {
        let signs = containerSigns
        return .ok(
            "container",
            signs.isEmpty
                ? "no sign of one" : "this is one (\(signs.joined(separator: ", "))): devices must be passed in")
    }

    // MARK: Cameras

    private static var paths: [String] {
        FileCheck.names(in: "/dev").filter { name in
            name.hasPrefix("video") && Int(name.dropFirst("video".count)) != nil
        }.sorted { ($0.count, $0) < ($1.count, $1) }.map { "/dev/\($0)" }
    }

    /// What the file system says of each node, before anybody opens it.
    private static var nodes: [Finding] {
        paths.map { path in
            let owners = FileCheck.owners(of: path)
            guard access(path, R_OK | W_OK) != 0 else { return .ok(path, owners) }
            return .warning(
                path, "\(owners): not accessible.",
                "Join the group (sudo usermod -aG video $USER, then log in again); in a container: --group-add video.")
        }
    }

    private static func cameras() async -> Finding {
        do throws(CaptureError) {
            let cameras = try await Camera.list()
            let usable = cameras.filter { $0.problem == nil }
            guard usable.isEmpty else {
                let names = usable.map { "\($0.name) (\($0.path))" }
                return .ok("cameras", names.joined(separator: ", "))
            }
            if let problem = cameras.compactMap(\.problem).first {
                return .problem("cameras", "None can be used: \(problem.operation) failed.", problem.message)
            }
            return .problem(
                "cameras", paths.isEmpty ? "There is no /dev/video*." : "No /dev/video* is a camera.",
                """
                Plug a camera in; pass it into a container (--device /dev/video0) or attach it to the virtual machine. \
                Files need none: interhuman stream --input FILE.
                """)
        } catch {
            return .problem("cameras", "\(error.operation) failed.", error.message)
        }
    }

    // MARK: Sound

    /// What libpulse looks at to find a server.
    private static var soundPlaces: Finding {
        func value(_ name: String) -> String { "\(name) " + (getenv(name).map { String(cString: $0) } ?? "not set") }
        let home = getenv("HOME").map { String(cString: $0) } ?? ""
        let given = getenv("PULSE_COOKIE").map { String(cString: $0) }
        let cookies = given.map { [$0] } ?? ["\(home)/.config/pulse/cookie", "\(home)/.pulse-cookie"]
        let cookie = cookies.first(where: FileCheck.exists).map { "cookie \($0)" } ?? "no cookie"
        let text = [value("PULSE_SERVER"), value("XDG_RUNTIME_DIR"), cookie].joined(separator: ", ")
        guard getenv("PULSE_SERVER") == nil, getenv("XDG_RUNTIME_DIR") == nil else { return .ok("sound setup", text) }
        return .warning(
            "sound setup", "\(text).", "A system service needs XDG_RUNTIME_DIR=/run/user/UID to find the user's server."
        )
    }

    private static func sound() async -> [Finding] {
        do throws(CaptureError) {
            let server = try await AudioServer.current()
            return [.ok("sound server", "\(server.name), version \(server.version), at \(server.address)")]
                + [microphone(of: server, among: try await Microphone.list())]
        } catch {
            return [.problem("sound server", error.underlying ?? "It can't be reached.", error.message)]
        }
    }

    private static func microphone(of server: AudioServer, among microphones: [Microphone]) -> Finding {
        let real = microphones.filter { !$0.isMonitor }
        let usual = microphones.first { $0.id == server.defaultSource }
        guard let chosen = real.first(where: \.isDefault) ?? real.first else {
            return .problem(
                "microphone",
                usual.map { "The default source \($0.id) hears an output; there is no microphone." }
                    ?? "The server has no source at all.",
                "Plug a microphone in, name a monitor with --microphone, or stream with --no-audio.")
        }
        if chosen.isMuted {
            return .warning("microphone", "\(chosen.id) is muted.", "Unmute it: pactl set-source-mute \(chosen.id) 0.")
        }
        if let usual, usual.isMonitor {
            return .warning(
                "microphone", "The default source \(usual.id) hears an output; \(chosen.id) is taken instead.",
                "Choose the microphone in the desktop's settings, or name one with --microphone.")
        }
        return .ok("microphone", "\(chosen.name) (\(chosen.id))")
    }
}
