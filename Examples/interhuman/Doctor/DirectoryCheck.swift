import Glibc

/// Whether a directory can hold a spool or recordings.
enum DirectoryCheck {
    /// What a spool may grow to unless told otherwise, in bytes.
    private static let wanted: UInt64 = 1 << 30

    static func finding(_ path: String) -> Finding {
        let place = FileCheck.exists(path) ? path : parent(of: path)
        guard access(place, W_OK | X_OK) == 0 else {
            return .problem(
                "directory", "\(place) can't be written: \(FileCheck.owners(of: place)).",
                "Choose another directory, or have its owner give it to you; a service gets one by StateDirectory=.")
        }
        var file = statvfs()
        guard statvfs(place, &file) == 0 else { return .ok("directory", path) }
        let free = UInt64(file.f_bavail) * UInt64(file.f_frsize)
        let finding = "\(path) has \(free >> 20) MiB free"
        guard free >= wanted else {
            return .warning("directory", finding, "Free space: a spool may grow to 1 GiB, an hour takes about 0.5 GB.")
        }
        return .ok("directory", finding)
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
