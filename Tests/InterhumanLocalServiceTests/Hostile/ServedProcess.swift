import Foundation
import TestPrograms
import Testing

/// `interhuman serve` in a process of its own, whose memory can be looked at.
struct ServedProcess {
    let port: Int
    private let program: RunningProgram

    init(_ arguments: [String] = []) async throws {
        program = try RunningProgram(
            try BuiltExecutable.path(of: "interhuman"), ["serve", "--plain"] + arguments)
        let line = try #require(await program.output.firstLine { _ in true })
        let ready = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let url = try #require(ready["url"] as? String)
        port = try #require(URL(string: url)?.port)
    }

    /// The most memory that the process ever had, in MiB; throws when it is gone.
    var peakMemory: Int {
        get throws {
            let status = try String(contentsOfFile: "/proc/\(program.identifier)/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
            return try #require(Int(line.split(whereSeparator: \.isWhitespace)[1])) / 1024
        }
    }

    /// What it says to programs, after the line that tells where it listens.
    var output: ProgramOutput { program.output }

    /// Ends it in order; the exit status.
    func stop() async -> Int32 {
        program.send(signal: SIGINT)
        return await program.waitUntilExit()
    }
}
