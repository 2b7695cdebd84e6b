import Foundation
import TestPrograms
import Testing

/// Packets that vanish between two network namespaces, as when a cable is pulled or a mobile network is left.
@Suite(.enabled(if: DroppedLink.isPossible, DroppedLink.absence), .timeLimit(.minutes(5)))
struct DroppedLinkTests {
    @Test func isNoticedWhileIdle() async throws {
        let output = try await DroppedLink.output(["500"])
        #expect(output.hasPrefix("1006 "))
        #expect(output.contains("The peer gave no sign of life for 0.5 seconds after a ping"))
    }

    /// The kernel gives up before any ping could be written.
    @Test func isNoticedWhileSending() async throws {
        let output = try await DroppedLink.output(["500", "send"])
        #expect(output.hasPrefix("1006 "))
        #expect(output.contains("no sign of life") || output.contains("timed out"))
    }
}

/// `dropped_link.sh`, and whether it can do its work here.
private enum DroppedLink {
    static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "dropped_link.sh").path(percentEncoded: false)

    /// What a client says of its connection's end.
    static func output(_ arguments: [String]) async throws -> String {
        let program = try await FinishedProgram.run(
            script, [BuiltExecutable.path(of: "TransportPeer")] + arguments)
        try #require(program.status == 0, "\(program)")
        return program.output
    }

    static let absence: Comment = "NOT TESTED in network namespaces: they can't be made here (root and iproute2)."

    static let isPossible: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: script)
        process.arguments = ["check"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()
}
