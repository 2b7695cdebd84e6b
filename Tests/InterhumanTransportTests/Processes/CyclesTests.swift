import Foundation
import InterhumanTransport
import TestPrograms
import Testing

/// Connecting and giving up, in a process that does nothing else.
struct CyclesTests {
    private struct Holdings: Decodable {
        var descriptors: Int
        var threads: Int
        var heap: Int
        var resident: Int
    }

    private struct Report: Decodable {
        var opened: Int
        var before: Holdings
        var after: Holdings
    }

    /// How many; more by `INTERHUMAN_CYCLES`.
    private static let count = ProcessInfo.processInfo.environment["INTERHUMAN_CYCLES"].flatMap { Int($0) } ?? 1000

    /// No descriptor, no thread and no megabyte stays behind.
    @Test(.timeLimit(.minutes(15))) func leaveNothingBehind() async throws {
        let directory = try TemporaryDirectory()
        let certificate = try TestCertificate(.init(isAuthority: true))
        try Data(certificate.pem).write(to: URL(filePath: directory.file("certificate.pem")))
        try Data(certificate.keyPEM).write(to: URL(filePath: directory.file("key.pem")))
        let output = try await BuiltPeer.output(
            BuiltPeer.path(),
            ["cycles", "\(Self.count)", directory.file("certificate.pem"), directory.file("key.pem")])
        let report = try JSONDecoder().decode(Report.self, from: Data(output.utf8))
        #expect(report.opened > 0)
        #expect(report.opened < Self.count)
        #expect(report.after.descriptors == report.before.descriptors)
        // The pools of threads grow and shrink by some of their own accord; thousands of connections need no more.
        #expect(report.after.threads <= report.before.threads + 4)
        #expect(report.after.heap - report.before.heap < 1_048_576, "\(report)")
    }
}
