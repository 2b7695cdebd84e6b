import Foundation
import InterhumanTransport
import TestPrograms
import Testing

/// The system's trust store is wherever `SSL_CERT_FILE` and `SSL_CERT_DIR` say; a process of its own reads them.
@Suite(.timeLimit(.minutes(5)))
struct TrustEnvironmentTests {
    private let directory: TemporaryDirectory
    private let authority: TestAuthority
    private let nowhere = ["SSL_CERT_FILE": "/nonexistent", "SSL_CERT_DIR": "/nonexistent"]

    init() throws {
        directory = try TemporaryDirectory()
        authority = try TestAuthority()
        try Data(authority.certificate.pem).write(to: URL(filePath: directory.file("authority.pem")))
    }

    @Test func honoursSSLCertFile() async throws {
        #expect(try await isTrusted(with: ["SSL_CERT_FILE": directory.file("authority.pem")]))
    }

    @Test func honoursSSLCertDir() async throws {
        let rehash = try await FinishedProgram.run("/usr/bin/openssl", ["rehash", directory.path])
        try #require(rehash.status == 0, "\(rehash)")
        #expect(try await isTrusted(with: ["SSL_CERT_DIR": directory.path]))
    }

    @Test func trustsNobodyWithoutThem() async throws {
        #expect(try await !isTrusted(with: [:]))
    }

    private func isTrusted(with environment: [String: String]) async throws -> Bool {
        let server = try await WebSocketServer.start(
            WebSocketServerConfiguration(tls: authority.server()), handler: echo)
        let program = try RunningProgram(
            BuiltExecutable.path(of: "TransportPeer"), ["rate", "wss://127.0.0.1:\(server.port)/", "", "10", "0"],
            environment: nowhere.merging(environment) { _, new in new })
        async let errors = program.errors.text()
        let status = await program.waitUntilExit()
        await server.shutdown()
        if status != 0 { #expect(await errors.contains("certificateRejected")) }
        return status == 0
    }
}
