import Glibc
import InterhumanCore

/// A directory of small files that belongs to one user.
struct PrivateDirectory {
    private let path: String

    /// Uses or makes the directory.
    init(path: String) throws(ConnectionError) {
        var parent = path.hasPrefix("/") ? "/" : ""
        for component in path.split(separator: "/") {
            parent += component + "/"
            guard mkdir(parent, 0o700) == 0 || errno == EEXIST else {
                throw Self.failure("make the directory \(parent)")
            }
        }
        self.path = path
    }

    func path(of name: String) -> String { "\(path)/\(name)" }

    /// The text of a file; nil when it can't be read.
    func contents(of name: String) -> String? {
        guard let file = fopen(path(of: name), "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else { return nil }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Puts a whole file in place at once.
    func write(_ text: String, to name: String, mode: mode_t) throws(ConnectionError) {
        let temporary = path(of: ".\(name).new")
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Self.failure("write \(temporary)") }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                let failure = Self.failure("write \(temporary)")
                Glibc.close(descriptor)
                throw failure
            }
            rest = rest.dropFirst(count)
        }
        guard Glibc.close(descriptor) == 0, rename(temporary, path(of: name)) == 0 else {
            throw Self.failure("write \(path(of: name))")
        }
    }

    /// Removes a file that may not exist.
    func remove(_ name: String) throws(ConnectionError) {
        guard unlink(path(of: name)) == 0 || errno == ENOENT else {
            throw Self.failure("remove \(path(of: name))")
        }
    }

    /// Waits until no other process holds the directory.
    func lock() throws(ConnectionError) -> Lock {
        let descriptor = open(path(of: ".lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("lock the directory \(path)") }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let failure = Self.failure("lock the directory \(path)")
                Glibc.close(descriptor)
                throw failure
            }
        }
        return Lock(descriptor: descriptor)
    }

    /// An exclusive hold on the directory.
    struct Lock {
        fileprivate let descriptor: Int32

        func release() { Glibc.close(descriptor) }
    }

    private static func failure(_ operation: String) -> ConnectionError {
        let code = errno
        return ConnectionError(
            .system, operation: operation,
            message: "The local service can't keep its files there. Choose a directory that you may write to.",
            underlying: "errno \(code): \(String(cString: strerror(code)))")
    }
}
