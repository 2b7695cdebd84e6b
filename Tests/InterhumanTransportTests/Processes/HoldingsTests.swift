import Foundation
import InterhumanTransport
import TestPrograms
import Testing

/// What a process holds after it connected and gave up thousands of times, and while a reader is slow.
struct HoldingsTests {
    private struct Holdings: Decodable {
        var descriptors: Int
        var threads: Int
        var heap: Int
        var resident: Int
    }

    private struct Cycles: Decodable {
        var opened: Int
        var before: Holdings
        var after: Holdings
    }

    private struct SlowReader: Decodable {
        var received: Int
        var before: Holdings
        var most: Holdings
    }

    /// How many; more by `INTERHUMAN_CYCLES`.
    private static let count = ProcessInfo.processInfo.environment["INTERHUMAN_CYCLES"].flatMap { Int($0) } ?? 1000

    /// No descriptor, no thread and no megabyte stays behind.
    @Test(.timeLimit(.minutes(15))) func areTheSameAfterCyclesOfConnecting() async throws {
        let report = try await report(of: "cycles", Self.count, as: Cycles.self)
        #expect(report.opened > 0)
        #expect(report.opened < Self.count)
        #expect(report.after.descriptors == report.before.descriptors)
        // The pools of threads grow and shrink by some of their own accord; thousands of connections need no more.
        #expect(report.after.threads <= report.before.threads + 4)
        #expect(report.after.heap - report.before.heap < 1_048_576, "\(report)")
    }

    /// 256 MiB through one connection, both ends of it here: no more than the watermarks, the queue of messages that were
    /// not taken and the messages at both ends is ever held.
    @Test(.timeLimit(.minutes(15))) func areBoundedWhileAReaderIsSlow() async throws {
        let report = try await report(of: "slow", 256, as: SlowReader.self)
        #expect(report.received == 256 * 1_048_576)
        #expect(report.most.heap - report.before.heap < 16 * 1_048_576, "\(report)")
    }

    private func report<Report: Decodable>(of mode: String, _ count: Int, as: Report.Type) async throws -> Report {
        let directory = try TemporaryDirectory()
        let certificate = try TestCertificate(.init(isAuthority: true))
        try Data(certificate.pem).write(to: URL(filePath: directory.file("certificate.pem")))
        try Data(certificate.keyPEM).write(to: URL(filePath: directory.file("key.pem")))
        let program = try await FinishedProgram.run(
            BuiltExecutable.path(of: "TransportPeer"),
            [mode, "\(count)", directory.file("certificate.pem"), directory.file("key.pem")])
        try #require(program.status == 0, "\(program)")
        return try JSONDecoder().decode(Report.self, from: Data(program.output.utf8))
    }
}
