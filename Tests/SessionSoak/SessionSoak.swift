import Foundation
import Interhuman
import InterhumanLocalService
import TestPrograms

/// Eight sessions against the local service, which is a process of its own, for as long as asked: figures of both processes
/// at intervals, and whether anything grows. `Scripts/soak.sh` runs it.
@main
enum SessionSoak {
    /// Sessions that stream from begin to end; two more come and go every 10 s.
    static let steadySessions = 6

    static func main() async throws {
        if CommandLine.arguments.dropFirst().first == "service" { return try await serve() }
        guard let seconds = CommandLine.arguments.dropFirst().first.flatMap({ Int($0) }), seconds >= 30 else {
            say("usage: SessionSoak SECONDS (30 or more)")
            exit(64)
        }
        let service = try RunningProgram("/proc/self/exe", ["service"])
        var line: String?
        for await text in service.output.lines {
            line = text
            break
        }
        guard let words = line?.split(separator: " "), words.count == 4, let port = Int(words[1]),
            let process = Int32(words[3])
        else {
            say("the service did not start")
            exit(69)
        }
        let complaints = try await soak(seconds: seconds, port: port, service: process)
        service.send(signal: SIGTERM)
        _ = await service.waitUntilExit()
        for complaint in complaints { say("FAILED  \(complaint)") }
        exit(complaints.isEmpty ? 0 : 1)
    }

    /// The service's process: prints where it is, and lasts until it is ended.
    private static func serve() async throws {
        let service = try await LocalService.start()
        say("port \(service.port) process \(getpid())")
        while !Task.isCancelled { try await Task.sleep(for: .seconds(3_600)) }
    }

    private static func soak(seconds: Int, port: Int, service: Int32) async throws -> [String] {
        let sessions = SoakSessions(port: port)
        var records = (sessions: Record("sessions"), service: Record("service"))
        let interval = max(4, Double(seconds) / 30)
        say("     s  sessions:\(Record.head)   service:\(Record.head)   ended  segments  heap MiB")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...steadySessions {
                group.addTask { await sessions.run(seconds: seconds, named: "steady-\(number)") }
            }
            for lane in 1...2 {
                group.addTask {
                    for round in 0..<(seconds / 12) { await sessions.run(seconds: 10, named: "brief-\(lane)-\(round)") }
                }
            }
            let start = ContinuousClock.now
            while case let time = (ContinuousClock.now - start).inSeconds, time < Double(seconds) - 2 {
                records.sessions.add(try Usage(of: getpid()), at: time)
                records.service.add(try Usage(of: service), at: time)
                let (ended, segments) = (await sessions.ended, await sessions.segments)
                say(
                    String(format: "%6.0f           ", time) + records.sessions.row + "           "
                        + records.service.row + String(format: "%8d %9d", ended, segments)
                        + String(format: "%9.2f", (records.sessions.samples.last?.usage.heap ?? 0) / 1_048_576))
                try await Task.sleep(for: .seconds(interval))
            }
            try await group.waitForAll()
        }
        for record in [records.sessions, records.service] {
            say(String(format: "%@: memory %+.1f MiB an hour", record.name, record.memorySlope))
        }
        return await sessions.complaints + records.sessions.growth + records.service.growth
    }

    /// Writes a line at once, also into a file.
    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
