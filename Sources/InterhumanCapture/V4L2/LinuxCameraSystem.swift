import InterhumanCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Cameras under /dev.
struct LinuxCameraSystem: CameraSystem {
    var now: MediaTime { SystemClock().now }

    func nodes() throws(SystemFailure) -> [CameraNode] {
        let names = try Self.names(in: "/dev")
        let numbers = names.compactMap { name in
            name.hasPrefix("video") ? Int(name.dropFirst("video".count)) : nil
        }
        let byID = Self.links(in: "/dev/v4l/by-id")
        let byPath = Self.links(in: "/dev/v4l/by-path")
        return numbers.sorted().map { number in
            let path = "/dev/video\(number)"
            return CameraNode(path: path, byID: byID[path], byPath: byPath[path])
        }
    }

    func open(_ path: String, convert: Bool) throws(SystemFailure) -> any CameraDevice {
        try LinuxCameraDevice(path: path, convert: convert)
    }

    func watch() throws(SystemFailure) -> any CameraWatch {
        try LinuxCameraWatch()
    }

    /// The names in a directory.
    private static func names(in directory: String) throws(SystemFailure) -> [String] {
        guard let handle = opendir(directory) else { throw SystemFailure(call: "opendir", code: errno) }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }

    /// What the symbolic links of a directory lead to; nothing where there is no such directory.
    private static func links(in directory: String) -> [String: String] {
        guard let names = try? names(in: directory) else { return [:] }
        var links: [String: String] = [:]
        for name in names.sorted() {
            guard let target = realpath("\(directory)/\(name)", nil) else { continue }
            defer { free(target) }
            let path = String(cString: target)
            if links[path] == nil { links[path] = name }
        }
        return links
    }
}
