import Foundation

/// What a process uses, as the kernel counts it.
enum ProcessUsage {
    /// A thousand connections need more descriptors than the usual 1,024.
    static func allowManyFiles() throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// Resident bytes now, or at most (`VmHWM`); of this process unless another is named.
    static func residentBytes(peak: Bool = false, of process: Int32? = nil) throws -> Double {
        let path = "/proc/\(process.map(String.init) ?? "self")/status"
        let name = peak ? "VmHWM:" : "VmRSS:"
        let line = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").first { $0.hasPrefix(name) }
        return (line?.split(separator: " ").dropFirst().first).flatMap { Double($0) }.map { $0 * 1024 } ?? .nan
    }

    /// Seconds of processor time of this process so far, user and system.
    static func processorSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }

    /// The same of another process, in steps of 10 ms.
    static func processorSeconds(of process: Int32) throws -> Double {
        // Behind the parenthesised name, utime and stime are the 12th and 13th fields (proc(5)).
        let stat = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return .nan }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
