import InterhumanCore
import InterhumanLocalService
import InterhumanTransport
import TestPrograms
import Testing

/// Our server against Python's `websockets` as client.
@Suite(.enabled(if: PythonPeer.isAvailable, PythonPeer.absence), .timeLimit(.minutes(5)))
struct PythonClientTests {
    let directory: TemporaryDirectory
    let certificate: LocalCertificate

    init() throws {
        directory = try TemporaryDirectory()
        certificate = try LocalCertificate.loadOrCreate(in: directory.file("certificate"))
    }

    private func server(secure: Bool, _ variant: DeflateVariant) async throws -> EchoServer {
        let tls = TLSServerConfiguration(
            certificateChainPath: certificate.chainPath, privateKeyPath: certificate.keyPath)
        return try await EchoServer.start(tls: secure ? tls : nil, compression: variant)
    }

    private func client(
        of server: EchoServer, _ path: String, secure: Bool, _ variant: DeflateVariant, close: Bool = false
    ) throws -> PythonPeer {
        let options = PythonPeer.Options(
            deflate: variant.theirs, authority: secure ? certificate.authorityPath : nil, close: close)
        return try PythonPeer.client(options, url: "\(secure ? "wss" : "ws")://127.0.0.1:\(server.port)\(path)")
    }

    /// Text and binary, whole and in fragments, pings both ways, and the client's close.
    @Test(arguments: [false, true], DeflateVariant.allCases)
    func converses(secure: Bool, variant: DeflateVariant) async throws {
        let server = try await server(secure: secure, variant)
        let report = try await client(of: server, "/", secure: secure, variant).report()
        variant.check(report, texts: 6, binaries: 4)
        #expect(report.code == 4000)
        let ending = try #require(await server.endings.first { _ in true })
        #expect(ending.closeCode == 4000)
        #expect(ending.reason == "bis später")
        #expect(ending.initiator == .remote)
        #expect(ending.error == nil)
        #expect(ending.traffic.messagesReceived == 10)
        #expect(ending.traffic.bytesSent == ending.traffic.bytesReceived)
        await server.shutdown()
    }

    @Test(arguments: [false, true])
    func closes(secure: Bool) async throws {
        let server = try await server(secure: secure, .off)
        let report = try await client(of: server, "/close", secure: secure, .off, close: true).report()
        #expect(report.code == 4321)
        #expect(report.reason == "genug – 足够")
        let ending = try #require(await server.endings.first { _ in true })
        #expect(ending.closeCode == 4321)
        #expect(ending.initiator == .local)
        #expect(ending.error == nil)
        await server.shutdown()
    }

    /// A server compresses only when it is told to, whatever a client offers.
    @Test func compressesNothingUnlessToldTo() async throws {
        let server = try await server(secure: false, .off)
        let report = try await client(of: server, "/", secure: false, .contextTakeover).report()
        DeflateVariant.off.check(report, texts: 6, binaries: 4)
        await server.shutdown()
    }
}
