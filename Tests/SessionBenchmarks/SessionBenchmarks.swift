/// Prints what a connection to the service costs its client, measured in one run beside the vendor's Python SDK where
/// `BENCH_PYTHON` names an interpreter that has it.
///
///     swift run -c release SessionBenchmarks [SESSIONS] [SEGMENTS]     1000 sessions, 2 segments each
///
/// The local service runs in a process of its own, over TLS. Each client opens all its sessions in one process
/// (memory with all of them idle), then all of them send the same segments and drain (processor time a segment).
@main
struct SessionBenchmarks {
    static func main() async throws {
        try ProcessUsage.allowManyFiles()
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case "service": try await MeasuredService.run(folder: arguments[1], sessions: Int(arguments[2]) ?? 0)
        case "client": try await MeasuredClient.run(Workload(arguments: arguments.dropFirst()))
        default:
            let numbers = arguments.compactMap(Int.init)
            try Comparison(sessions: numbers.first ?? 1000, segments: numbers.dropFirst().first ?? 2).run()
        }
    }
}

/// What a client is to do; the same for every client.
struct Workload: Sendable {
    var url: String
    var authorityPath: String
    /// Holds the messages as files `0`, `1`, ….
    var folder: String
    var sessions: Int
    var segments: Int

    init(url: String, authorityPath: String, folder: String, sessions: Int, segments: Int) {
        self.url = url
        self.authorityPath = authorityPath
        self.folder = folder
        self.sessions = sessions
        self.segments = segments
    }

    init(arguments: some Collection<String>) {
        let all = Array(arguments)
        self.init(
            url: all[0], authorityPath: all[1], folder: all[2], sessions: Int(all[3]) ?? 0, segments: Int(all[4]) ?? 0)
    }

    var arguments: [String] { [url, authorityPath, folder, "\(sessions)", "\(segments)"] }
}
