import Glibc

/// Whether a directory can hold a spool or recordings.
enum DirectoryCheck {
    /// What a spool may grow to unless told otherwise, in bytes.
    private static let wanted: UInt64 = 1 << 30

    static func finding(_ path: String) -> Finding {
        let place = nearest(to: path)
        guard FileCheck.isDirectory(place) else {
            return .problem("directory", "\(place) is no directory.", "Choose another path.")
        }
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

    /// The path itself, or what exists of the way to it: missing directories are made when they are needed.
    private static func nearest(to path: String) -> String {
        var place = path[...]
        while !FileCheck.exists(String(place)) {
            // A slash at the end, or several, names no further directory.
            while place.count > 1, place.last == "/" { place.removeLast() }
            guard let slash = place.lastIndex(of: "/") else { return "." }
            guard slash > place.startIndex else { return "/" }
            place = place[..<slash]
        }
        return String(place)
    }
}
