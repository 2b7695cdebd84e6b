import Foundation
import InterhumanCore
import TestPrograms
import Testing

/// Clients that mean harm, by `Tests/HostileClients/hostile.py`, against a service in a process of its own.
///
/// Whatever they do: the process lives, its memory stays within bounds, and the next client is served.
@Suite("Hostile clients", .serialized, .timeLimit(.minutes(10)))
struct HostileClientTests {
    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../HostileClients/hostile.py").standardizedFileURL.path(percentEncoded: false)

    /// - Parameter memory: What the service may need at most, in MiB.
    private func suffer(_ way: String, memory: Int, _ arguments: [String] = []) async throws {
        let service = try await ServedProcess(arguments)
        let client = try await FinishedProgram.run("/usr/bin/env", ["python3", Self.script, way, "\(service.port)"])
        #expect(client.status == 0, "\(client.errors)")
        let (messages, ending) = try await nextClient(of: service).run(try await EncodedMedia.lively.value)
        #expect(messages.types.contains("signal.detected"))
        #expect(ending?.closeCode == 1000)
        let peak = try service.peakMemory
        #expect(peak < memory, "after \(way)")
        #expect(await service.stop() == 0)
    }

    /// The next client, which comes again as long as the connections before it are not quite gone yet (503).
    private func nextClient(of service: ServedProcess) async throws -> ServiceClient {
        while true {
            do {
                return try await ServiceClient(baseURL: "ws://127.0.0.1:\(service.port)")
            } catch let error as ConnectionError where error.httpStatus == 503 {
                continue
            }
        }
    }

    @Test(
        "below the media", arguments: ["random_bytes", "random_frames", "slow_handshakes", "many_connections"])
    func noise(way: String) async throws {
        try await suffer(way, memory: 200)
    }

    @Test("lengths that are only declared, fragments and pings without an end")
    func declaredLengths() async throws {
        try await suffer("declared_lengths", memory: 400)
    }

    @Test("a gigabyte in a megabyte of permessage-deflate")
    func deflateBombs() async throws {
        try await suffer("deflate_bombs", memory: 400, ["--deflate"])
    }

    @Test("media that promise more than there could be")
    func mediaBombs() async throws {
        try await suffer("media_bombs", memory: 500)
    }

    /// What `Documentation/LocalService.md` promises: the budget, each connection's share, decoders and the rest.
    @Test("as many of the largest messages as there may be")
    func fullOfMessages() async throws {
        try await suffer(
            "full_of_messages", memory: 200 + 32 + 16 * 2,
            ["--maximum-connections", "16", "--receive-budget", "33554432"])
    }
}
