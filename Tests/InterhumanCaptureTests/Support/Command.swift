import Synchronization

@testable import InterhumanCapture

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Runs programs for tests.
enum Command {
    /// Whether a program of this name is on the PATH.
    static func exists(_ name: String) -> Bool {
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        return path.split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
    }

    /// Runs a program to its end, its output unseen, on a thread of its own: a few tests that block have all the threads
    /// of Swift's pool waiting for them. Returns its exit status, -1 where it can't run.
    @discardableResult
    static func run(_ arguments: [String], environment: [String: String] = [:]) async -> Int32 {
        (try? await DeviceThread.run(named: "test-program") { runBlocking(arguments, environment: environment) }) ?? -1
    }

    /// The same for where nobody can wait. Blocks.
    @discardableResult
    static func runBlocking(_ arguments: [String], environment: [String: String] = [:]) -> Int32 {
        guard let process = spawn(arguments, environment) else { return -1 }
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1 { if errno != EINTR { return -1 } }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -1
    }

    /// A program in a process group of its own, which is ended with all that it started.
    final class Group: Sendable {
        private let process: pid_t
        private let isEnded = Mutex(false)

        init(_ arguments: [String], environment: [String: String]) throws(SystemFailure) {
            guard let process = Command.spawn(arguments, environment, ownGroup: true) else {
                throw SystemFailure(call: "posix_spawn", code: ENOENT)
            }
            self.process = process
        }

        /// Ends the group and waits for its first process.
        func end() {
            let isFirst = isEnded.withLock { ended in
                defer { ended = true }
                return !ended
            }
            guard isFirst, kill(-process, SIGTERM) == 0 else { return }
            var status: Int32 = 0
            while waitpid(process, &status, 0) == -1, errno == EINTR {}
            // What did not follow the first process.
            kill(-process, SIGKILL)
        }
    }

    /// The path of an executable of this build, which stands beside the test bundle.
    static func built(_ name: String) throws(SystemFailure) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw SystemFailure(call: "readlink", code: errno) }
        let path = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.prefix(through: path.lastIndex(of: "/") ?? path.startIndex) + name
    }

    /// Makes a directory under /tmp.
    static func temporaryDirectory(_ name: String) throws(SystemFailure) -> String {
        var template = Array("/tmp/\(name)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemFailure(call: "mkdtemp", code: errno) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Writes a file.
    static func write(_ text: String, to path: String) throws(SystemFailure) {
        guard let file = fopen(path, "w") else { throw SystemFailure(call: "fopen", code: errno) }
        let isWritten = fputs(text, file) >= 0
        guard fclose(file) == 0, isWritten else { throw SystemFailure(call: "fputs", code: errno) }
    }

    private static func spawn(
        _ arguments: [String], _ environment: [String: String], ownGroup: Bool = false
    ) -> pid_t? {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        if ownGroup { posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP)) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor: Int32 in [1, 2] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
        }
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        var inherited = ["PATH": path]
        // ThreadSanitizer's annotations (Tests/ThreadSanitizer) are for the programs of this build, too.
        if let library = getenv("LD_PRELOAD") { inherited["LD_PRELOAD"] = String(cString: library) }
        let variables = environment.merging(inherited) { given, _ in given }.map { "\($0)=\($1)" }
        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var process = pid_t()
        guard posix_spawnp(&process, arguments[0], &actions, &attributes, &argv, &envp) == 0 else { return nil }
        return process
    }
}
