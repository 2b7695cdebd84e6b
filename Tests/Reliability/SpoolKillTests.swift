import Foundation
import TestPrograms
import Testing

/// SIGKILL of a process with a spool: the next start sends what was left, and no segment twice.
@Suite struct SpoolKillTests {
    @Test("killed again and again, then left to finish", .timeLimit(.minutes(5)))
    func killed() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "spool-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var sent: [UInt64] = []
        var interrupted = 0
        for (kill, lines) in [(true, 5), (true, 12), (false, .max)] {
            // About 15 segments of 1.1 kB come in 3 s; the killed runs send a third of that speed.
            let program = try RunningProgram(
                try BuiltExecutable.path(of: "SpoolProgram"), [directory, kill ? "60" : "3", kill ? "2000" : "100000"])
            var count = 0
            for await line in program.output.lines {
                let words = line.split(separator: " ")
                if words.first == "sent", let time = words.last.flatMap({ UInt64($0) }) {
                    sent.append(time)
                    count += 1
                }
                if line.hasPrefix("gap interruptedWhileSending") { interrupted += words.last.flatMap { Int($0) } ?? 0 }
                if count >= lines { program.send(signal: SIGKILL) }
            }
            let status = await program.waitUntilExit()
            if !kill { #expect(status == 0) }
        }
        #expect(Set(sent).count == sent.count)
        // In order over all three runs, because what was left goes first.
        #expect(sent == sent.sorted())
        // Within a run no segment is missing but the one that was being sent when it was killed.
        let steps = zip(sent, sent.dropFirst()).map { ($1 - $0) / 1_000_000 }
        let breaks = steps.filter { $0 > 250 }
        #expect(breaks.count <= 2 + interrupted)
        #expect(interrupted <= 2)
        #expect(sent.count > 20)
    }
}
