import Glibc

/// Looks at files.
enum FileCheck {
    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether it is a file with content, or a directory with entries.
    static func holdsSomething(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        guard status.st_mode & S_IFMT == S_IFDIR else { return status.st_size > 0 }
        guard let handle = opendir(path) else { return false }
        defer { closedir(handle) }
        // The first two entries are the directory and its parent.
        return (0..<3).allSatisfy { _ in readdir(handle) != nil }
    }

    /// The names in a directory.
    static func names(in path: String) -> [String] {
        guard let handle = opendir(path) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names
    }

    /// "crw-rw---- root:video" in short: mode in octal, owner and group.
    static func owners(of path: String) -> String {
        var status = stat()
        guard stat(path, &status) == 0 else { return "no such file" }
        let mode = String(status.st_mode & 0o777, radix: 8)
        return "mode \(mode), user \(user(status.st_uid)), group \(group(status.st_gid))"
    }

    private static func user(_ id: uid_t) -> String {
        var (entry, found) = (passwd(), UnsafeMutablePointer<passwd>?.none)
        var buffer = [CChar](repeating: 0, count: 4096)
        guard getpwuid_r(id, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return "\(id)" }
        return String(cString: entry.pw_name)
    }

    private static func group(_ id: gid_t) -> String {
        var (entry, found) = (Glibc.group(), UnsafeMutablePointer<Glibc.group>?.none)
        var buffer = [CChar](repeating: 0, count: 4096)
        guard getgrgid_r(id, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return "\(id)" }
        return String(cString: entry.gr_name)
    }
}
